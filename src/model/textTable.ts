/** Rows under heads, in columns of equal width, two spaces apart; each cell on one line. */
export const textTable = (heads: readonly string[], rows: readonly (readonly string[])[]): string => {
  const all = [heads, heads.map((head) => '─'.repeat(head.length)), ...rows];
  const widths = heads.map((_, column) => all.reduce((most, row) => Math.max(most, row[column]?.length ?? 0), 0));
  return all
    .map(
      (row) =>
        row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd() + '\n',
    )
    .join('');
};
