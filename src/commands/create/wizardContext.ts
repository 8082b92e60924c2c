import type { CoderClient } from '../../api/client.ts';
import type { Template } from '../../api/schemas/templates.ts';
import type { User } from '../../api/schemas/users.ts';
import type { Session } from '../../model/session.ts';
import type { Ui } from '../ui.ts';

/** What the chain needs besides the draft. */
export interface WizardContext {
  readonly ui: Ui;
  readonly session: Session;
  readonly client: CoderClient;
  /** Who is signed in. */
  readonly user: User;
  /** Whom the workspace will belong to. */
  readonly owner: User;
  /** Names of one's own workspaces. */
  readonly taken: () => readonly string[];
  readonly recentTemplates: readonly string[];
  /** Opens the dashboard's page of a template that cannot be asked for here. */
  readonly openTemplatePage: (template: Template) => Promise<void>;
  readonly signal: AbortSignal;
}
