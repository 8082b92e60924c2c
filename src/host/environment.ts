/** What the process was told: signs in for as long as it lives, and is never stored. */
export interface Environment {
  /** `CODER_URL` */
  readonly url: string | undefined;
  /** `CODER_SESSION_TOKEN` */
  readonly token: string | undefined;
}

export function readEnvironment(env: Readonly<Record<string, string | undefined>>): Environment {
  return { url: filled(env.CODER_URL), token: filled(env.CODER_SESSION_TOKEN) };
}

const filled = (value: string | undefined): string | undefined => {
  const text = value?.trim() ?? '';
  return text === '' ? undefined : text;
};
