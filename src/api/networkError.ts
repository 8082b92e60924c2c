import { ApiError, type ApiErrorKind, type Where } from './errors.ts';

/** Node's error of a request that got no answer, or of an answer that was cut. */
export const networkError = (error: unknown, where: Where): ApiError => {
  if (error instanceof ApiError) return error;
  const code = codeOf(error);
  const kind = kindOf(code);
  return new ApiError({
    ...where,
    kind,
    code,
    // A write that never reached the server wasn't done.
    maybeDone: where.maybeDone === true && (kind === 'unreachable' || kind === 'timeout'),
  });
};

const codeOf = (error: unknown): string | undefined => {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  // Several addresses were tried and each failed.
  return error instanceof AggregateError ? codeOf(error.errors[0]) : undefined;
};

const kindOf = (code: string | undefined): ApiErrorKind => {
  if (code === undefined) return 'unreachable';
  if (/^(?:ENOTFOUND$|EAI_)/.test(code)) return 'noHost';
  if (code === 'ECONNREFUSED') return 'refused';
  if (code === 'ETIMEDOUT') return 'timeout';
  if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') return 'tooLarge';
  if (CERTIFICATE.test(code)) return 'certificate';
  return 'unreachable';
};

// OpenSSL's verification codes as Node spells them.
const CERTIFICATE = /CERT|^(?:UNABLE_TO_(?:GET|VERIFY|DECRYPT)|CRL_|INVALID_CA|PATH_LENGTH_EXCEEDED|HOSTNAME_MISMATCH)/;
