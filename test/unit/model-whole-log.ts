import type { Build, LogEntry } from '../../src/api/schemas/workspaces.ts';
import { appendLog, beginLog, endLog, type LogOptions } from '../../src/model/buildLog.ts';

/** The whole log of a finished build, written at once. */
export const wholeLog = (
  build: Build,
  templateName: string,
  entries: readonly LogEntry[],
  options: LogOptions,
): string => {
  const begun = beginLog(build, templateName, options);
  const written = appendLog(begun.state, entries);
  return begun.text + written.text + endLog(written.state, build).text;
};
