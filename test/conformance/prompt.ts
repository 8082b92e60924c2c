import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** Whoever was asked left instead of answering. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered';
}

/** Whether there is somebody to ask. */
export const someoneIsThere = (): boolean => process.stdin.isTTY && process.stderr.isTTY;

/** What is typed is not shown, nor kept in the terminal's history. */
export const askSecret = async (question: string, signal: AbortSignal): Promise<string> => {
  process.stderr.write(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true, historySize: 0 });
  try {
    return (await untilInterrupted(lines, (stop) => lines.question('', { signal: stop }), signal)).trim();
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
};

export const confirm = async (question: string, signal: AbortSignal): Promise<boolean> => {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await untilInterrupted(
      lines,
      (stop) => lines.question(`${question} [y/N] `, { signal: stop }),
      signal,
    );
    return /^\s*y(?:es)?\s*$/i.test(answer);
  } finally {
    lines.close();
  }
};

/** In raw mode Ctrl+C is a key like any other, and the end of the input leaves a question open for ever. */
const untilInterrupted = (
  lines: ReturnType<typeof createInterface>,
  ask: (signal: AbortSignal) => Promise<string>,
  signal: AbortSignal,
): Promise<string> => {
  const given = new AbortController();
  lines.once('SIGINT', () => given.abort(new Unanswered('Stopped.')));
  lines.once('close', () => given.abort(new Unanswered('Nothing was answered.')));
  const stop = AbortSignal.any([signal, given.signal]);
  return ask(stop).catch((error: unknown) => {
    // readline only says that it was aborted, not why.
    throw stop.aborted ? stop.reason : error;
  });
};
