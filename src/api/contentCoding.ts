import type { IncomingHttpHeaders } from 'node:http';
import { pipeline, type Duplex } from 'node:stream';
import * as zlib from 'node:zlib';

/** A body whose compression is broken or ends too early. */
export class BadCoding extends Error {
  override readonly name = 'BadCoding';
}

/**
 * `source` without the compression that a proxy has added unasked (RFC 9110 8.4): gzip, deflate, br and zstd,
 * also one in another. What has another coding comes as it is; nothing that reads it will understand it.
 * @throws BadCoding; what `source` throws
 */
export const withoutCoding = (
  source: AsyncIterable<Uint8Array>,
  headers: IncomingHttpHeaders,
): AsyncIterable<Uint8Array> => {
  const codings = (headers['content-encoding'] ?? '')
    .split(',')
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== '' && coding !== 'identity');
  // They were applied in this order.
  return codings.reduceRight((coded, coding) => decoded(coded, coding), source);
};

async function* decoded(source: AsyncIterable<Uint8Array>, coding: string): AsyncGenerator<Uint8Array> {
  const chunks = source[Symbol.asyncIterator]();
  const first = await chunks.next();
  // An answer without a body may name a coding.
  if (first.done === true) return;
  const decoder = decoderOf(coding, first.value);
  if (decoder === undefined) {
    yield first.value;
    yield* { [Symbol.asyncIterator]: () => chunks };
    return;
  }
  let failure: { readonly error: unknown } | undefined;
  const rest = async function* (): AsyncGenerator<Uint8Array> {
    try {
      yield first.value;
      yield* { [Symbol.asyncIterator]: () => chunks };
    } catch (error) {
      failure = { error };
    }
    // If the body was cut, zlib throws away what the last chunk holds: an empty chunk is the last one.
    await new Promise((resolve) => decoder.write('', resolve));
    if (failure !== undefined) throw failure.error;
  };
  // Errors are reported by the decoder's stream.
  pipeline(rest, decoder, () => undefined);
  try {
    yield* decoder as AsyncIterable<Uint8Array>;
  } catch {
    // What has been decoded and not been taken yet; an iterator leaves it out after an error.
    const decodedLast = decoder.read() as Uint8Array | null;
    if (decodedLast !== null) yield decodedLast;
    if (failure !== undefined) throw failure.error;
    throw new BadCoding();
  }
}

const decoderOf = (coding: string, first: Uint8Array): Duplex | undefined => {
  switch (coding) {
    case 'gzip':
    case 'x-gzip':
      return zlib.createGunzip();
    case 'deflate':
      // With the header of zlib, as the standard says, or without, as some do.
      return (first[0] ?? 0) % 16 === 8 ? zlib.createInflate() : zlib.createInflateRaw();
    case 'br':
      return zlib.createBrotliDecompress();
    case 'zstd':
      // Not in Node before 22.15.
      return 'createZstdDecompress' in zlib ? zlib.createZstdDecompress() : undefined;
    default:
      return undefined;
  }
};
