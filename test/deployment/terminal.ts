/** A machine's web terminal with a shell that knows `echo` and `exit`: binary frames, the screen's own bytes. */
import type { WebSocket } from 'ws';
import { isObject } from './exchange.ts';

const PROMPT = '\u001b[?2004hroot@vm:/tmp# ';
const ENTERED = '\r\n\u001b[?2004l\r';

function typedText(message: Buffer): string {
  try {
    const parsed: unknown = JSON.parse(message.toString('utf8'));
    return isObject(parsed) && typeof parsed.data === 'string' ? parsed.data : '';
  } catch {
    return '';
  }
}

export function openTerminal(socket: WebSocket): void {
  const show = (screen: string): void => socket.send(Buffer.from(screen));
  socket.on('message', (message: Buffer) => {
    const typed = typedText(message);
    if (typed === '') return;
    show(typed);
    // What a command prints comes together with the next prompt.
    let printed = '';
    for (const command of typed.split('\r\n').slice(0, -1)) {
      const screen = `${printed}${PROMPT}${command}${ENTERED}`;
      if (command === 'exit') {
        show(`${screen}logout\r\n`);
        socket.close(1000);
        return;
      }
      show(screen);
      printed = command.startsWith('echo ') ? `${command.slice(5)}\r\n` : '';
    }
    show(`${printed}${PROMPT}`);
  });
}
