/** A job's log, read or followed (contract 3.3). */
import type { WebSocket } from 'ws';
import type { Engine } from './engine.ts';
import { encodeJson, invalid, json, Refusal, text, type Call, type Reply } from './exchange.ts';
import type { Job, LogEntry } from './model.ts';
import { pingSocket } from './streams.ts';
import { logLine } from './wire/shared.ts';

/** The cursors are log ids, whatever the server's documentation calls them. */
function cursor(call: Call, name: string): number | undefined {
  const value = call.query.get(name);
  if (value === null || value === '') return undefined;
  if (!/^-?\d{1,15}$/.test(value))
    throw invalid('Query parameters have invalid values.', name, `Query param "${name}" must be a valid integer`);
  return Number(value);
}

const textLine = ({ createdAt, level, stage, output }: LogEntry): string =>
  `${new Date(createdAt).toISOString().slice(0, 19)}Z [${level}] [provisioner|${stage}] ${output}\n`;

export function readLogs({ store }: Engine, call: Call, job: Job): Reply {
  const after = cursor(call, 'after') ?? 0;
  const before = cursor(call, 'before');
  // Asking for a follow without a WebSocket handshake: the presence of the parameter decides, not its value.
  if (call.query.has('follow'))
    return text(426, 'WebSocket protocol violation: Connection header "" does not contain Upgrade\n');
  const lines = job.logs.filter((line) => line.id > after || (before !== undefined && line.id < before));
  if (store.age.writesTextLogs && call.query.get('format') === 'text') return text(200, lines.map(textLine).join(''));
  return json(200, lines.map(logLine));
}

export function followLogs(engine: Engine, call: Call, job: Job): (socket: WebSocket) => void {
  const { store, hub } = engine;
  const after = cursor(call, 'after') ?? 0;
  if (cursor(call, 'before') !== undefined && store.age.name === 'v0')
    throw new Refusal(400, 'Query param "before" cannot be used with "follow"');

  return (socket) => {
    const first = job.logs.findIndex((line) => line.id > after);
    let sent = first === -1 ? job.logs.length : first;
    const send = (): void => {
      for (const line of job.logs.slice(sent)) socket.send(`${encodeJson(logLine(line))}\n`);
      sent = job.logs.length;
    };
    const finish = (): void => {
      send();
      socket.close(1000, store.age.logsClosedReason);
    };
    send();
    if (job.completedAt !== undefined) {
      finish();
      return;
    }
    // A job that is cancelled in the queue never ends, for its followers: nobody publishes it (contract 2.10).
    const stop = hub.jobs.subscribe(job.id, (news) => (news === 'lines' ? send() : finish()));
    socket.on('close', stop);
    pingSocket(engine, socket);
  };
}
