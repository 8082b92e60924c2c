import type { Build, LogEntry } from '../../src/api/schemas/workspaces.ts';
import { beginLog, type LogOptions, type LogState } from '../../src/model/buildLog.ts';
import { writtenParts, type LogRecord } from '../../src/model/logRecords.ts';

/** Records behind a log that stands at `state`, as one text. */
export const writtenAll = (state: LogState, records: readonly LogRecord[]): string =>
  [...writtenParts(state, records)].map(({ step }) => step.text).join('');

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
    ])
  );
};
