import * as l10n from '@vscode/l10n';
import type { ApiErrorFacts, Validation } from './errors.ts';
import type { Words } from './operations.ts';
import { plainLine } from './plainText.ts';

/** What a person reads of a failure: our sentence in the words of the thing, then the server's own words. */
export const sentence = (facts: ApiErrorFacts): string =>
  joined([ours(facts), theirs(facts), ...(facts.validations ?? []).map(named)]);

/** Sentences side by side, each with its full stop; what says nothing is left out. */
const joined = (sentences: readonly string[]): string =>
  sentences
    .filter((each) => each !== '')
    .map(withFullStop)
    .join(' ');

/** `text` as a sentence that another may follow, without a colon that nothing comes after; nothing stays nothing. */
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
      return l10n.t('The address {0} cannot be found. Check it, and that you are on the right network or VPN.', host);
    case 'refused':
      return l10n.t('Nothing answers at {0}. The deployment may be down.', host);
    case 'unreachable':
      return l10n.t('The connection to {0} was lost.', host);
    case 'timeout':
      return l10n.t('{0} did not answer in time.', host);
    case 'certificate':
      return certificate(facts);
    case 'noSocket':
      return l10n.t('WebSocket connections to {0} are blocked on the way. Check the proxy.', host);
    case 'redirect':
      return l10n.t(
        '{0} sends to {1}. If that is your deployment, use its address; a sign-on page works only in a browser.',
        host,
        // Without its query, which is long and may hold secrets.
        plainLine(facts.location ?? '', 200),
      );
    case 'notCoder':
      return facts.coderAnswered === true
        ? l10n.t('{0} is a Coder deployment, but this is not the address of its API. Check the path.', host)
        : l10n.t('Not Coder but something else answered at {0}. Check the address, and for a sign-on page.', host);
    case 'proxy':
      return facts.status === 407
        ? l10n.t('The proxy on the way to {0} asks for a name and password. Set http.proxy in the settings.', host)
        : l10n.t('A proxy on the way to {0} refused the request.', host);
    case 'unauthorized':
      return known.unauthorized ?? l10n.t('Coder does not accept the token: it has expired, was revoked, or is wrong.');
    case 'forbidden':
      return known.forbidden ?? l10n.t('You may not do this.');
    case 'notFound':
      return known.missing ?? l10n.t('This does not exist, or you may not see it.');
    case 'routeNotFound':
      return l10n.t('This deployment does not offer that: it is of another version or edition.');
    case 'gone':
      return l10n.t('The workspace is deleted.');
    case 'conflict':
      return (
        taken(facts) ?? field(facts, known) ?? known.conflict ?? known.refused ?? l10n.t('This is not possible now.')
      );
    case 'invalid':
      return field(facts, known) ?? known.refused ?? l10n.t('Coder does not accept this.');
    case 'notNow':
      return field(facts, known) ?? known.refused ?? l10n.t('This is not possible now.');
    case 'rateLimited':
      return facts.retryAfterMs === undefined
        ? l10n.t('{0} asks for fewer requests. Try again later.', host)
        : l10n.t('{0} asks for fewer requests. Try again in {1} s.', host, Math.ceil(facts.retryAfterMs / 1000));
    case 'server':
      return facts.status === 502 || facts.status === 503 || facts.status === 504
        ? l10n.t('{0} is not available at the moment.', host)
        : l10n.t('Coder had an internal problem.');
    case 'unreadable':
      return l10n.t('The answer of {0} cannot be understood.', host);
    case 'tooLarge':
      return l10n.t('The data is larger than {0} allows or this extension takes.', host);
  }
};

const certificate = ({ host, code, issuer }: ApiErrorFacts): string => {
  if (code === 'CERT_HAS_EXPIRED') return l10n.t('The certificate of {0} has expired.', host);
  if (code === 'CERT_NOT_YET_VALID') {
    return l10n.t('The certificate of {0} is not valid yet: compare the clocks of the two computers.', host);
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return l10n.t('The certificate of {0} names another host.', host);
  return issuer === undefined
    ? l10n.t(
        'The certificate of {0} is not trusted. Install its authority in the certificate store of this computer, or name its file in NODE_EXTRA_CA_CERTS and restart.',
        host,
      )
    : l10n.t(
        'The certificate of {0} is not trusted: it was issued by “{1}”. Install that authority in the certificate store of this computer, or name its file in NODE_EXTRA_CA_CERTS and restart.',
        host,
        plainLine(issuer, 120),
      );
};

const taken = ({ validations }: ApiErrorFacts): string | undefined =>
  validations?.some((validation) => validation.field === 'name') === true
    ? l10n.t('This name is taken already.')
    : undefined;

/** With validations the fields tell what is wrong, whatever the status. */
const field = ({ validations = [] }: ApiErrorFacts, known: Words): string | undefined => {
  const [first, ...others] = [...new Set(validations.map((validation) => validation.field))];
  if (first === undefined) return undefined;
  if (known.fields !== undefined) return known.fields;
  if (others.length > 0) return l10n.t('Coder does not accept these: {0}.', [first, ...others].map(label).join(', '));
  return knownLabel(first) === undefined
    ? l10n.t('Coder does not accept “{0}”.', label(first))
    : l10n.t('Coder does not accept the {0}.', label(first));
};

/** What a person calls a field of a request; a parameter's name stays as it is. */
const label = (name: string): string => knownLabel(name) ?? plainLine(name, 80);

const knownLabel = (name: string): string | undefined => {
  switch (name) {
    case 'name':
      return l10n.t('name');
    case 'schedule':
      return l10n.t('schedule');
    case 'ttl_ms':
      return l10n.t('time until it stops');
    case 'deadline':
      return l10n.t('stop time');
    case 'template_id':
      return l10n.t('template');
    case 'template_version_id':
      return l10n.t('template version');
    case 'transition':
      return l10n.t('kind of build');
    default:
      return undefined;
  }
};

const named = ({ field: name, detail }: Validation): string => {
  const [shown, reason] = [label(name), plainLine(detail, 300)];
  return shown === '' || reason === '' ? reason : l10n.t('{0}: {1}', shown, reason);
};

const theirs = ({ kind, serverMessage, detail }: ApiErrorFacts): string => {
  const message = kind === 'routeNotFound' ? '' : plainLine(serverMessage ?? '', 300);
  if (message === '') return '';
  // A refusal's detail is its reason (contract 2.1); an internal problem's is for the people who run the server.
  const reason = kind === 'server' ? '' : plainLine(detail ?? '', 300);
  return reason === '' ? l10n.t('Coder says: {0}', message) : l10n.t('Coder says: {0} ({1})', message, reason);
};
