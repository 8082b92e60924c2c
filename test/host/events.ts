// What the tests inside the extension host tell the runner outside: one line per event, found again among whatever
// else the host prints.

export type HostEvent =
  | { readonly type: 'pass'; readonly title: string; readonly durationMs: number }
  | { readonly type: 'fail'; readonly title: string; readonly error: string }
  | { readonly type: 'skip'; readonly title: string }
  | { readonly type: 'end' };

const mark = 'coder-workspaces-host-test ';

export function formatEvent(event: HostEvent): string {
  return mark + JSON.stringify(event);
}

/** The event in a printed line, or undefined for everything else that a host prints. */
export function parseEvent(line: string): HostEvent | undefined {
  const at = line.indexOf(mark);
  return at < 0 ? undefined : (JSON.parse(line.slice(at + mark.length)) as HostEvent);
}
