import * as l10n from '@vscode/l10n';
import { plainLine } from '../api/plainText.ts';
import type { Workspace } from '../api/schemas/workspaces.ts';

const LONGEST = 32;
const PATTERN = /^[a-z0-9]+(?:-[a-z0-9]+)*$/i;
/** Refused by today's servers, because the dashboard has pages of these names (contract 2.1). */
const RESERVED = new Set(['new', 'create']);

/**
 * Why `name` cannot be a workspace's name, or nothing (contract 2.1). `taken`: the owner's other workspaces; names are
 * unique without regard to case.
 */
export const nameProblem = (name: string, taken: Iterable<string> = []): string | undefined => {
  if (name === '') return l10n.t('Enter a name.');
  if (name.length > LONGEST) return l10n.t('Use at most {0} characters. This name has {1}.', LONGEST, name.length);
  if (!PATTERN.test(name)) return l10n.t('Use only letters, digits, and single hyphens between them.');
  if (RESERVED.has(name.toLowerCase())) return l10n.t('“{0}” is reserved by Coder.', name);
  for (const other of taken) {
    if (other.toLowerCase() === name.toLowerCase()) return l10n.t('You already have a workspace named “{0}”.', other);
  }
  return undefined;
};

/** The first free name based on the template's name: `dev`, then `dev-2`, `dev-3` … */
export const proposeName = (templateName: string, taken: Iterable<string>): string => {
  const used = new Set([...taken].map((name) => name.toLowerCase()));
  const base = fit(templateName, LONGEST) || 'workspace';
  const isFree = (name: string): boolean => !used.has(name.toLowerCase()) && !RESERVED.has(name.toLowerCase());
  for (let number = 1; ; number++) {
    const suffix = number === 1 ? '' : `-${number}`;
    const name = fit(base, LONGEST - suffix.length) + suffix;
    if (isFree(name)) return name;
  }
};

const fit = (text: string, longest: number): string =>
  text
    .replace(/[^a-z0-9]+/gi, '-')
    .replace(/^-/, '')
    .slice(0, longest)
    .replace(/-$/, '');

/** What a row is called: the server may send no name, and a row without a label can't be told from a gap. */
export const labelOf = (text: string, longest = 100): string => plainLine(text, longest) || l10n.t('unnamed');

/** What a workspace is called in a sentence. */
export const nameOf = ({ name }: Pick<Workspace, 'name'>): string => plainLine(name, 64);

/** The display name of a template, not sanitized. */
export const templateTitle = (workspace: Pick<Workspace, 'template_display_name' | 'template_name'>): string =>
  workspace.template_display_name === '' ? workspace.template_name : workspace.template_display_name;
