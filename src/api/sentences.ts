import * as l10n from '@vscode/l10n';
import type { ApiErrorFacts, Validation } from './errors.ts';
import type { Words } from './operations.ts';
import { joined, plainLine } from './plainText.ts';

/** The message for a failure: a sentence of our own, followed by the server's message. */
export const sentence = (facts: ApiErrorFacts): string =>
  inARow([ours(facts), theirs(facts), ...(facts.validations ?? []).filter((each) => !isSaid(each, facts)).map(named)]);

/** Where one field alone is refused, the message often is its detail. */
const isSaid = ({ detail }: Validation, { serverMessage = '' }: ApiErrorFacts): boolean =>
  plainLine(detail, 300) === plainLine(serverMessage, 300);

/** Sentences one after the other, each with a full stop; empty ones are left out. */
const inARow = (sentences: readonly string[]): string => joined(sentences.map(withFullStop), ' ');

/** `text` with a full stop and without a trailing colon; '' stays ''. */
export const withFullStop = (text: string): string => {
  const rest = text.replace(/[\s:;,]+$/u, '');
  return rest === '' || ENDED.test(rest) ? rest : l10n.t('{0}.', rest);
};

// A mark that ends a sentence, also before a closing quote or bracket: `… (No such template.)`.
const ENDED = /[.!?…。！？]["'”’»)\]]*$/u;

const ours = (facts: ApiErrorFacts): string => {
  const { host } = facts;
  const known: Words = facts.operation.words?.() ?? {};
  switch (facts.kind) {
    case 'noHost':
      return l10n.t("Couldn't find {0}. Check the address, your network, and your VPN.", host);
    case 'refused':
      return l10n.t('{0} refused the connection. The deployment may be down.', host);
    case 'unreachable':
      // What TLS says where a server speaks without it.
      return /^EPROTO$|_SSL_/.test(facts.code ?? '')
        ? l10n.t("Couldn't connect to {0} securely. Check whether its address begins with http://.", host)
        : l10n.t('The connection to {0} was lost.', host);
    case 'timeout':
      return l10n.t("{0} didn't respond in time.", host);
    case 'certificate':
      return certificate(facts);
    case 'noSocket':
      return l10n.t('WebSocket connections to {0} are blocked. Check the proxy.', host);
    case 'heldBack':
      return l10n.t("Live updates from {0} aren't arriving. A proxy may be buffering them.", host);
    case 'redirect':
      return l10n.t(
        '{0} redirects to {1}. If that is your deployment, use its address. Sign-on pages work only in a browser.',
        host,
        // Without its query, which is long and may hold secrets.
        plainLine(facts.location ?? '', 200),
      );
    case 'notCoder':
      return facts.coderAnswered === true
        ? l10n.t('{0} is a Coder deployment, but the path of the address is wrong.', host)
        : l10n.t(
            "{0} answered, but it isn't a Coder deployment. Check the address, and whether a sign-on page is in the way.",
            host,
          );
    case 'proxy':
      return facts.status === 407
        ? l10n.t('The proxy for {0} requires authentication. Set http.proxy in the settings.', host)
        : l10n.t('A proxy refused the request to {0}.', host);
    case 'unauthorized':
      return known.unauthorized ?? l10n.t("{0} didn't authorize this request.", host);
    case 'forbidden':
      return known.forbidden ?? l10n.t("You don't have permission to do this.");
    case 'notFound':
      return known.missing ?? l10n.t("It doesn't exist, or you don't have permission to see it.");
    case 'routeNotFound':
      return unsupported();
    case 'gone':
      return l10n.t('The workspace is deleted.');
    case 'conflict':
      return (
        taken(facts) ??
        field(facts, known) ??
        known.conflict ??
        known.refused ??
        l10n.t("This isn't possible right now.")
      );
    case 'invalid':
      return field(facts, known) ?? known.refused ?? l10n.t('Coder rejected the request.');
    case 'notNow':
      return field(facts, known) ?? known.refused ?? l10n.t("This isn't possible right now.");
    case 'rateLimited':
      return facts.retryAfterMs === undefined
        ? l10n.t('{0} is limiting requests. Try again later.', host)
        : l10n.t('{0} is limiting requests. Try again in {1} s.', host, Math.ceil(facts.retryAfterMs / 1000));
    case 'server':
      return facts.status === 502 || facts.status === 503 || facts.status === 504 || facts.coderAnswered === false
        ? l10n.t('{0} is currently unavailable.', host)
        : l10n.t('Coder had an internal error.');
    case 'unreadable':
      return l10n.t("Couldn't understand the response from {0}.", host);
    case 'tooLarge':
      return l10n.t('The data is too large.', host);
  }
};

/** A deployment lacks what is asked for: by its answer, or by what it has sent so far. */
export const unsupported = (): string =>
  l10n.t("This deployment doesn't support this. It may be an older version or another edition.");

const certificate = ({ host, code, issuer }: ApiErrorFacts): string => {
  if (code === 'CERT_HAS_EXPIRED') return l10n.t('The certificate of {0} has expired.', host);
  if (code === 'CERT_NOT_YET_VALID') {
    return l10n.t("The certificate of {0} isn't valid yet. Check the clocks of both computers.", host);
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return l10n.t('The certificate of {0} is for another host.', host);
  return inARow([
    l10n.t("The certificate of {0} isn't trusted.", host),
    issuer === undefined ? '' : l10n.t('It was issued by “{0}”.', plainLine(issuer, 120)),
    l10n.t(
      'Add its authority to the certificate store of this computer, or set NODE_EXTRA_CA_CERTS to its file and restart VS Code.',
    ),
  ]);
};

const taken = ({ validations }: ApiErrorFacts): string | undefined =>
  validations?.some((validation) => validation.field === 'name') === true
    ? l10n.t('This name is already taken.')
    : undefined;

/** With validations the fields tell what is wrong, whatever the status. */
const field = ({ validations = [] }: ApiErrorFacts, known: Words): string | undefined => {
  const [first, ...others] = [...new Set(validations.map((validation) => validation.field))];
  if (first === undefined) return undefined;
  if (known.fields !== undefined) return known.fields;
  if (others.length > 0) return l10n.t('Coder rejected these values: {0}.', [first, ...others].map(label).join(', '));
  return knownField(first)?.[1] ?? l10n.t('Coder rejected “{0}”.', label(first));
};

/** What a person calls a field of a request; a parameter's name stays as it is. */
const label = (name: string): string => knownField(name)?.[0] ?? plainLine(name, 80);

/** The label of a field in a list, and the sentence for it alone. */
const knownField = (name: string): readonly [label: string, rejected: string] | undefined =>
  new Map<string, readonly [string, string]>([
    ['name', [l10n.t('name'), l10n.t('Coder rejected the name.')]],
    ['schedule', [l10n.t('schedule'), l10n.t('Coder rejected the schedule.')]],
    ['ttl_ms', [l10n.t('time before autostop'), l10n.t('Coder rejected the time before autostop.')]],
    ['deadline', [l10n.t('stop time'), l10n.t('Coder rejected the stop time.')]],
    ['template_id', [l10n.t('template'), l10n.t('Coder rejected the template.')]],
    ['template_version_id', [l10n.t('template version'), l10n.t('Coder rejected the template version.')]],
    ['transition', [l10n.t('transition'), l10n.t('Coder rejected the transition.')]],
  ]).get(name);

const named = ({ field: name, detail }: Validation): string => {
  const [shown, reason] = [label(name), plainLine(detail, 300)];
  return shown === '' || reason === '' ? reason : l10n.t('{0}: {1}', shown, reason);
};

const theirs = ({ kind, serverMessage, detail }: ApiErrorFacts): string => {
  const message = kind === 'routeNotFound' ? '' : plainLine(serverMessage ?? '', 300);
  if (message === '') return '';
  // The detail of a rejection is its reason (contract 2.1); that of an internal error is meant for administrators.
  const reason = kind === 'server' ? '' : plainLine(detail ?? '', 300);
  return l10n.t('Coder says: {0}', reason === '' ? message : l10n.t('{0} ({1})', message, reason));
};
