/** What was asked for cannot be done, and the message says why. Expected, so nothing is written to the log. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

/** Nobody is signed in, and the command needs it. */
export class NotSignedIn extends Refusal {}
