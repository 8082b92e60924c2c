/** What was asked for cannot be done, and the sentence says why; no fault, so the log keeps no stack. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

/** Nobody is signed in, and the command needs it. */
export class NotSignedIn extends Refusal {}
