import type { Template } from '../../api/schemas/templates.ts';
import type { User } from '../../api/schemas/users.ts';
import type { Session } from '../../model/session.ts';
import type { Ui } from '../ui.ts';
import type { Move } from '../wizard.ts';

/** What the wizard needs besides the draft. */
export interface WizardContext {
  readonly ui: Ui;
  readonly session: Session;
  /** Who is signed in. */
  readonly user: User;
  /** Of the prompts: "Create Workspace: Name". */
  readonly title: (step: string) => string;
  /** Names of the owner's workspaces; of somebody else's only the server knows. */
  readonly taken: (owner: User) => readonly string[];
  readonly recentTemplates: readonly string[];
  /** Opens the dashboard's page of a template that cannot be asked for here. */
  readonly openTemplatePage: (template: Template) => Promise<void>;
  /** Reports a rejection after its progress was closed; *Edit and Try Again* continues the wizard with `move`. */
  readonly refusedLater: (move: Move) => void;
  readonly signal: AbortSignal;
}
