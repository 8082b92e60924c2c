/** The person asked for the previous step. */
export const BACK = Symbol('back');
export type Back = typeof BACK;

/** A prompt that was closed: nobody failed, so whatever catches it says nothing. */
export class Dismissed extends Error {
  override readonly name = 'Dismissed';
}
