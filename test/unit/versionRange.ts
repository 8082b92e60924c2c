type Version = readonly [major: number, minor: number, patch: number];

const read = (text: string): Version => {
  const [major = 0, minor = 0, patch = 0] = text
    .split('.')
    .map((part) => (part === '*' || part === 'x' ? 0 : Number(part)));
  return [major, minor, patch];
};

const compare = (one: Version, other: Version): number => one[0] - other[0] || one[1] - other[1] || one[2] - other[2];

/** Whether `version` begins as `text` does: `20` takes 20.1.2, `20.1` and `20.1.*` take 20.1.2. */
const begins = (version: Version, text: string): boolean =>
  text.split('.').every((part, index) => part === '*' || part === 'x' || Number(part) === version[index]);

/** One comparator of a range, as `>=20.19.0`. @throws Error when it is none */
const satisfies = (version: Version, comparator: string): boolean => {
  const [, operator = '', text = ''] = /^(>=|<=|>|<|\^|~|=|)([\dx*]+(?:\.[\dx*]+){0,2})$/.exec(comparator) ?? [];
  if (text === '') throw new Error(`“${comparator}” is no range of versions`);
  const bound = read(text);
  const order = compare(version, bound);
  switch (operator) {
    case '>=':
      return order >= 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '<':
      return order < 0;
    // From version 1 on, which all versions of Node are.
    case '^':
      return order >= 0 && version[0] === bound[0];
    case '~':
      return order >= 0 && version[0] === bound[0] && version[1] === bound[1];
    default:
      return begins(version, text);
  }
};

/** Whether a range of a manifest's `engines` takes that version (without labels). @throws Error when it is no range */
export const takes = (range: string, version: string): boolean =>
  range.split('||').some((alternative) =>
    alternative
      .trim()
      .replace(/(>=|<=|>|<|\^|~|=)\s+/g, '$1')
      .split(/\s+/)
      .every((comparator) => satisfies(read(version), comparator)),
  );
