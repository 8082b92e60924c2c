import * as l10n from '@vscode/l10n';
import {
  AddressError,
  cliAuthPage,
  deploymentCandidates,
  isClearText,
  parseDeploymentUrl,
  type DeploymentUrl,
} from '../api/address.ts';
import { CoderClient } from '../api/client.ts';
import { ApiError, inBackground, isOfKind } from '../api/errors.ts';
import * as general from '../api/general.ts';
import { buildInfo } from '../api/operations.ts';
import { plainLine } from '../api/plainText.ts';
import type { User } from '../api/schemas/users.ts';
import { withFullStop } from '../api/sentences.ts';
import * as users from '../api/users.ts';
import { BACK, type Back } from '../model/prompt.ts';
import type { CommandContext } from './context.ts';
import { tellTokenLeft } from './signOut.ts';

/**
 * Asks for the address, checks that a Coder deployment responds there, opens its token page, asks for the token, checks it,
 * and stores it. An earlier sign-in lasts until the new one succeeds.
 */
export async function signIn(context: CommandContext): Promise<void> {
  let before: string | undefined;
  for (;;) {
    const url = await askForDeployment(context, before);
    const answer = await askForToken(context, url);
    if (answer !== BACK) {
      const { token, user } = answer;
      const left = await context.deployments.signIn(url, token, { user });
      context.ui.inform(l10n.t('Signed in to {0} as {1}.', url.host, user.username));
      if (left !== undefined) tellTokenLeft(context, left);
      return;
    }
    before = url.href;
  }
}

const ANOTHER = Symbol('another address');

/** Asks for the address of a deployment until one responds; `before`: the address to correct. Errors appear at the input box. */
async function askForDeployment(context: CommandContext, before: string | undefined): Promise<DeploymentUrl> {
  const known = before === undefined ? knownAddresses(context) : [];
  let value = before ?? '';
  let problem: string | undefined;
  if (known.length > 0) {
    const chosen = await context.ui.pick<string | typeof ANOTHER>({
      title: l10n.t('Sign In: Deployment'),
      placeholder: l10n.t('Select a deployment'),
      step: 1,
      totalSteps: 2,
      rows: [
        ...known.map(({ href, note }) => ({ label: href, description: note, icon: 'server', value: href })),
        { label: l10n.t('Another address…'), icon: 'add', take: (text) => (value = text), value: ANOTHER },
      ],
      signal: context.signal,
    });
    if (chosen !== ANOTHER) {
      value = chosen;
      const found = await findCoder(context, chosen);
      if (typeof found !== 'string') return found;
      problem = found;
    }
  }
  for (;;) {
    const typed = await context.ui.enter({
      title: l10n.t('Sign In: Deployment'),
      placeholder: l10n.t('coder.example.com'),
      prompt: l10n.t('The address where you open Coder in your browser'),
      step: 1,
      totalSteps: 2,
      value,
      problem,
      validate: (text) => addressProblem(text),
      warning: (text) =>
        isClearText(parseDeploymentUrl(text)) ? l10n.t('http:// sends your token unencrypted.') : undefined,
      signal: context.signal,
    });
    const found = await findCoder(context, typed);
    if (typeof found !== 'string') return found;
    problem = found;
    value = typed;
  }
}

function knownAddresses(context: CommandContext): { readonly href: string; readonly note: string }[] {
  const addresses = new Map<string, string>();
  const add = (address: string, note: string) => {
    if (addressProblem(address) !== undefined) return;
    const { href } = parseDeploymentUrl(address);
    if (!addresses.has(href)) addresses.set(href, note);
  };
  if (context.environment.url !== undefined) add(context.environment.url, l10n.t('from CODER_URL'));
  for (const { url, username } of context.knownDeployments()) {
    add(url, username === undefined ? l10n.t('used before') : l10n.t('used before, as {0}', username));
  }
  return [...addresses].map(([href, note]) => ({ href, note }));
}

function addressProblem(address: string): string | undefined {
  try {
    parseDeploymentUrl(address);
    return undefined;
  } catch (error) {
    if (error instanceof AddressError) return error.message;
    throw error;
  }
}

/** Finds the deployment for an address as typed or copied from the browser, or the reason why there is none. Sends no token. */
async function findCoder(context: CommandContext, address: string): Promise<DeploymentUrl | string> {
  const candidates = deploymentCandidates(address);
  let found: DeploymentUrl | undefined;
  const problem = await problemOf(context, l10n.t('Connecting to {0}', candidates[0]?.host ?? ''), async (stop) => {
    found = await firstWithCoder(candidates, stop);
  });
  return found ?? problem ?? '';
}

/** @throws ApiError what the first candidate ran into; the signal's reason */
async function firstWithCoder(candidates: readonly DeploymentUrl[], signal: AbortSignal): Promise<DeploymentUrl> {
  let failure: unknown;
  const unreachable = new Set<string>();
  for (const url of candidates) {
    if (unreachable.has(url.host)) continue;
    try {
      const { version } = await general.buildInfo(new CoderClient({ url }).calls, signal);
      // Every Coder sends its version; other servers may also send JSON at this path.
      if (version !== '') return url;
      throw new ApiError({ kind: 'notCoder', operation: buildInfo, host: url.host });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      failure ??= error;
      // If the host doesn't respond, other paths on it won't either.
      if (isOfKind(error, 'noHost', 'refused', 'unreachable', 'timeout', 'certificate')) unreachable.add(url.host);
    }
  }
  throw failure;
}

async function askForToken(
  context: CommandContext,
  url: DeploymentUrl,
): Promise<Back | { readonly token: string; readonly user: User }> {
  const openPage = () => context.ui.openInBrowser(cliAuthPage(url));
  await openPage();
  let problem: string | undefined;
  let value = '';
  for (;;) {
    const typed = await context.ui.enter({
      title: l10n.t('Sign In: Token'),
      placeholder: l10n.t('Token'),
      prompt: l10n.t('Paste the token that {0} shows in your browser', url.href),
      step: 2,
      totalSteps: 2,
      password: true,
      canGoBack: true,
      value,
      problem,
      validate: (text) => (text.trim() === '' ? l10n.t('Paste the token.') : undefined),
      buttons: [
        {
          icon: 'link-external',
          tooltip: l10n.t('Open the token page again'),
          run: () => inBackground(openPage(), (error) => context.log.error('opening the token page', error)),
        },
      ],
      signal: context.signal,
    });
    if (typed === BACK) return BACK;
    const token = typed.trim();
    let user: User | undefined;
    problem = await problemOf(context, l10n.t('Signing in to {0}', url.host), async (stop) => {
      user = await users.me(new CoderClient({ url, token }).calls, stop);
    });
    if (user !== undefined) return { token, user };
    value = typed;
  }
}

/** The sentence for what `ask` ran into, or nothing. */
async function problemOf(
  { ui, signal }: CommandContext,
  title: string,
  ask: (signal: AbortSignal) => Promise<unknown>,
): Promise<string | undefined> {
  try {
    await ui.withDelayedProgress(title, ask, signal);
    return undefined;
  } catch (error) {
    if (isOfKind(error, 'unauthorized')) {
      const reason = withFullStop(plainLine(error.reason ?? '', 300));
      return reason === ''
        ? l10n.t('Coder rejected this token. Copy it again from the page in your browser.')
        : l10n.t('Coder rejected this token: {0} Copy it again from the page in your browser.', reason);
    }
    if (error instanceof ApiError) return error.message;
    throw error;
  }
}
