import type { Build, LogEntry } from '../../src/api/schemas/workspaces.ts';
import { beginLog, type LogOptions } from '../../src/model/buildLog.ts';
import { writtenAll } from '../../src/model/keptLog.ts';

/** The whole log of a finished build, written at once. */
export const wholeLog = (
  build: Build,
  templateName: string,
  entries: readonly LogEntry[],
  options: LogOptions,
): string => {
  const begun = beginLog(build, templateName, options);
  return (
    begun.text +
    writtenAll(begun.state, [
      { kind: 'entries', entries },
      { kind: 'ended', build },
    ]).text
  );
};
