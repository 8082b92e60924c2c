const AWAY = new Set<string>([
  'noHost',
  'refused',
  'unreachable',
  'timeout',
  'certificate',
  'proxy',
  // A sign-on page: the deployment is behind it.
  'redirect',
  'notCoder',
  'server',
]);

/** Whether `error` suggests that the whole deployment is unavailable, not only the requested resource. */
export const mayBeAway = ({ kind }: { readonly kind: string }): boolean => AWAY.has(kind);
