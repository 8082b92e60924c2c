/** Streams taken apart: the bytes of event streams, and the frames of watches brought to their essence. */

export interface EventFrame {
  event: string;
  /** Absent = no `data:` line at all, as in a ping. */
  data: string | undefined;
}

/** Throws on anything that is not framed byte for byte as recorded (contract 3.1). */
export function parseEvents(bytes: string): EventFrame[] {
  const chunks = bytes.split('\n\n');
  if (chunks.pop() !== '') throw new Error('the stream does not end with an empty line');
  return chunks.map((chunk) => {
    const match = /^event: (ping|data|error)(?:\ndata: ([^\n\r]+))?$/.exec(chunk);
    if (match === null) throw new Error(`not a frame: ${JSON.stringify(chunk.slice(0, 80))}`);
    const [, event = '', data] = match;
    if ((event === 'ping') !== (data === undefined)) throw new Error(`a ${event} with the wrong body`);
    return { event, data };
  });
}

/** What of a frame people would see change; other frames than a workspace's are all alike. */
export function essence(data: unknown): string {
  const build = (data as { latest_build?: { build_number?: number; status?: string } } | null)?.latest_build;
  return build === undefined ? '' : `${build.build_number ?? ''} ${build.status ?? ''}`;
}

/** Without repeats: neighbours may be identical (contract 3.1), for one thing happens and several tell of it. */
export function collapse<T>(frames: readonly T[], key: (frame: T) => string): T[] {
  return frames.filter((frame, n) => {
    const before = frames[n - 1];
    return before === undefined || key(before) !== key(frame);
  });
}
