import * as l10n from '@vscode/l10n';

/** A mistake in this extension, caught where a background loop would have ended by it. */
export class UnexpectedError extends Error {
  override readonly name = 'UnexpectedError';
  readonly kind = 'unexpected';

  /** @param thrown whatever was thrown, an Error or not */
  constructor(thrown: unknown) {
    const text = textOf(thrown);
    super(
      text === '' ? l10n.t('Coder Workspaces has a problem.') : l10n.t('Coder Workspaces has a problem: {0}', text),
      { cause: thrown },
    );
  }
}

const textOf = (thrown: unknown): string => {
  if (thrown instanceof Error) return thrown.message;
  return typeof thrown === 'string' ? thrown : '';
};
