import { parseArgs } from 'node:util';

export interface Options {
  readonly url: string;
  /** The template to use where there is no `dev`. */
  readonly template?: string | undefined;
  /** Do not ask before acting on a deployment that is not on this machine. */
  readonly yes: boolean;
  /** Only checks whose operation or name contains this. */
  readonly only?: string | undefined;
  /** Where the report goes as JSON. */
  readonly json?: string | undefined;
}

export const usage = `Usage: npm run conformance -- --url URL [options]

Asks a Coder deployment everything that this extension relies on, and prints what held.
The token comes from CODER_SESSION_TOKEN, or is asked for.

  --url URL          the deployment
  --template NAME    the template to use instead of “dev”
  --only NAME        only the checks whose operation or name contains NAME
  --yes              do not ask before acting on a deployment that is not on this machine
  --json FILE        also write the report as JSON
  --help             show this

It makes workspaces whose names begin with “conformance-”, and deletes them when it ends.
Exit code: 0 all held, 1 something did not, 2 it could not begin, 130 it was stopped.`;

export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** @throws UsageError; `undefined`: only the usage was asked for. */
export const readOptions = (args: readonly string[]): Options | undefined => {
  const values = parse(args);
  if (values.help === true) return undefined;
  const { url, template, only, json } = values;
  if (url === undefined) throw new UsageError('--url is missing.');
  return { url, template, only, json, yes: values.yes ?? false };
};

const parse = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      options: {
        url: { type: 'string' },
        template: { type: 'string' },
        only: { type: 'string' },
        json: { type: 'string' },
        yes: { type: 'boolean', short: 'y' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
};

export const isLoopback = (hostname: string): boolean =>
  /^(?:localhost|.+\.localhost|127\.\d+\.\d+\.\d+|::1)$/i.test(hostname);
