import { AddressError, parseDeploymentUrl, type DeploymentUrl } from '../api/address.ts';

/** `CODER_URL` and `CODER_SESSION_TOKEN`. */
export interface EnvironmentSignIn {
  readonly url?: string | undefined;
  readonly token?: string | undefined;
}

/** A sign-in from the environment. */
export interface GivenSignIn {
  readonly url: DeploymentUrl;
  readonly token: string;
}

/** `undefined` unless both variables are set and the address is valid. */
export const readEnvironment = (
  { url, token }: EnvironmentSignIn,
  log: (line: string) => void,
): GivenSignIn | undefined => {
  if (url === undefined || url === '' || token === undefined || token === '') return undefined;
  const parsed = readAddress(url, log);
  return parsed === undefined ? undefined : { url: parsed, token };
};

/** Parses an address from the environment or storage; logs an invalid one and returns `undefined`. */
export const readAddress = (address: string, log: (line: string) => void): DeploymentUrl | undefined => {
  try {
    return parseDeploymentUrl(address);
  } catch (error) {
    if (!(error instanceof AddressError)) throw error;
    log(`address: ${error.message}`);
    return undefined;
  }
};
