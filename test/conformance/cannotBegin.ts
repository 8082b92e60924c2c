/** Why nothing was asked: whoever ran the suite is told in one sentence. */
export class CannotBegin extends Error {
  override readonly name = 'CannotBegin';
}
