import * as l10n from '@vscode/l10n';
import { firstLine, joined, plainLine } from '../api/plainText.ts';
import type { TemplateVersion } from '../api/schemas/templates.ts';
import * as templates from '../api/templates.ts';
import type { TemplateId } from '../api/units.ts';
import type { Row } from '../model/prompt.ts';
import type { Session } from '../model/session.ts';
import { fromNow } from '../model/times.ts';
import type { Ui } from './ui.ts';

/** Picker rows of a template's usable versions, newest first. `active`: the id of the active one. */
export async function versionRows(
  ui: Ui,
  session: Session,
  templateId: TemplateId,
  active: string | undefined,
  signal: AbortSignal,
): Promise<Row<TemplateVersion>[]> {
  // All of them: a page begins with the oldest.
  const versions = await templates.versions(session.calls, templateId, {}, signal);
  return versions
    .filter(({ job, archived }) => job.status === 'succeeded' && !archived)
    .sort((one, other) => (other.created_at ?? 0) - (one.created_at ?? 0))
    .map((version) => {
      const { id, name, created_at: at, created_by: by, message } = version;
      return {
        label: plainLine(name, 100),
        description: joined([
          id === active ? l10n.t('active') : '',
          at && fromNow(at, session.now(), ui.displayLocale()),
          by && plainLine(by.username, 64),
        ]),
        detail: firstLine(message) || undefined,
        icon: id === active ? 'star-full' : 'versions',
        value: version,
      };
    });
}
