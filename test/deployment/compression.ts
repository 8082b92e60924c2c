/** A proxy that compresses what nobody asked to be compressed: answers at once, event streams frame by frame. */
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import * as zlib from 'node:zlib';

export type Coding = 'gzip' | 'deflate' | 'br';

const encoderOf = (coding: Coding) => {
  if (coding === 'gzip') return zlib.createGzip();
  return coding === 'deflate' ? zlib.createDeflate() : zlib.createBrotliCompress();
};

/** From here on whatever is written into `response` goes out compressed. */
export function compress(response: ServerResponse, coding: Coding): void {
  const encoder = encoderOf(coding);
  const write = response.write.bind(response);
  const end = response.end.bind(response);
  const writeHead = response.writeHead.bind(response);
  encoder.on('data', (chunk: Buffer) => void write(chunk));
  encoder.on('end', () => end());
  response.on('close', () => encoder.destroy());
  Object.assign(response, {
    writeHead(status: number, headers: OutgoingHttpHeaders = {}) {
      const { 'content-length': _, ...others } = headers;
      return writeHead(status, { ...others, 'content-encoding': coding });
    },
    write(chunk: string | Buffer) {
      encoder.write(chunk);
      // A proxy that held frames back would be another misbehaviour.
      encoder.flush();
      return true;
    },
    end(chunk?: string | Buffer) {
      encoder.end(chunk);
      return response;
    },
  });
}
