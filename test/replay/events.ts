/** Event streams of the scenario: opened, kept byte by byte, and held against the recording. */
import { collapse, essence, parseEvents } from './frames.ts';
import { readEventHeaders, readEvents } from './recording.ts';
import type { Replayer } from './replayer.ts';

export class OpenEvents {
  bytes = '';
  readonly #abort = new AbortController();
  readonly #response: Promise<Response>;

  constructor(url: string, token: string | undefined) {
    this.#response = fetch(url, { headers: { 'coder-session-token': token ?? '' }, signal: this.#abort.signal });
    this.#response.then((response) => this.#read(response)).catch(() => undefined);
  }

  async #read(response: Response): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) this.bytes += decoder.decode(chunk as Uint8Array, { stream: true });
  }

  async headers(): Promise<Headers> {
    return (await this.#response).headers;
  }

  /** The frames that are here as a whole. */
  get frames(): string {
    return /^[^]*\n\n/.exec(this.bytes)?.[0] ?? '';
  }

  count(event: string): number {
    return this.frames.split(`event: ${event}\n`).length - 1;
  }

  close(): void {
    this.#abort.abort();
  }
}

export const openEvents = (replayer: Replayer, path: string): OpenEvents =>
  new OpenEvents(`${replayer.deployment.url}${path}`, replayer.tokens.get('owner'));

interface Stream {
  first: string | undefined;
  pings: number;
  /** What the data frames held, without repeats. */
  data: unknown[];
}

function readStream(bytes: string): Stream {
  const frames = parseEvents(bytes);
  const data = frames.flatMap((frame) => (frame.data === undefined ? [] : [JSON.parse(frame.data) as unknown]));
  return { first: frames[0]?.event, pings: frames.length - data.length, data: collapse(data, essence) };
}

/**
 * Framing byte for byte, the first frame, as many pings at least, and the data frames in order. What the recording holds is
 * waited for: frames come on a connection of their own, so an answer that knows of a change may be here before them.
 */
export async function compareEvents(replayer: Replayer, name: string, stream: OpenEvents): Promise<void> {
  const full = `${name}.sse`;
  replayer.replayed.add(full);
  const headers = await stream.headers();
  for (const [header, value] of Object.entries(readEventHeaders(replayer.age, 'watch')))
    if (headers.get(header) !== value) replayer.fail(full, `header ${header}: ours ${headers.get(header) ?? 'none'}`);
  const a = readStream(readEvents(replayer.recordings, name));
  const isWhole = (b: Stream): boolean => b.pings >= a.pings && b.data.length >= a.data.length;
  await replayer.until(`the frames of ${name}`, () => isWhole(readStream(stream.frames))).catch(() => undefined);
  const b = readStream(stream.frames);
  if (a.first !== b.first) replayer.fail(full, `first frame: recorded ${a.first ?? 'none'}, ours ${b.first ?? 'none'}`);
  if (a.pings > b.pings) replayer.fail(full, `pings: recorded ${a.pings}, ours ${b.pings}`);
  const outline = (data: readonly unknown[]): string => data.map(essence).join(', ');
  if (outline(a.data) !== outline(b.data))
    replayer.fail(full, `frames: recorded ${outline(a.data)}; ours ${outline(b.data)}`);
  for (const [n, recorded] of a.data.entries()) if (n < b.data.length) replayer.compare(full, recorded, b.data[n]);
}
