import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import parseRange from 'range-parser';
import { Refusal } from '../../refusal.js';
import type { ByteRange } from '../../storage/blob-store.js';

/** Bytes that never change. */
export interface Bytes {
  readonly size: number;
  /** Names them to caches. */
  readonly sha256: string;
  readonly contentType: string;
  /** What a browser is to save them as. */
  readonly fileName: string;
  read(range: ByteRange): Promise<Readable>;
}

/**
 * Answers GET and HEAD with bytes. Takes one Range, and If-None-Match with their sha256. Throws a Refusal `range_not_satisfiable`, or what
 * `read` throws. Should bytes be missing once the answer has begun, the connection ends: nobody takes half for whole.
 */
export async function sendBytes(req: Request, res: Response, { size, sha256, contentType, fileName, read }: Bytes): Promise<void> {
  const etag = `"${sha256}"`;
  res.set({
    ETag: etag,
    'Accept-Ranges': 'bytes',
    'Content-Type': contentType,
    'Content-Disposition': `attachment; filename="${fileName}"`,
    'Cache-Control': 'private, max-age=3600, immutable',
  });
  if (isKnown(req.headers['if-none-match'], etag)) return void res.status(304).end();
  const range = requestedRange(req, res, size, etag);
  // Always by a range: a stream that knows its end does not read once more to find it.
  const { start, end } = range ?? { start: 0, end: size - 1 };
  const length = end - start + 1;
  const stream = req.method === 'HEAD' ? undefined : await read({ start, end }).catch((error: unknown) => refused(res, size, error));
  if (range) res.status(206).set('Content-Range', `bytes ${start}-${end}/${size}`);
  res.set('Content-Length', String(length));
  if (!stream) return void res.end();
  await pipeline(stream, exactly(length), res).catch((error: unknown) => {
    // A client that goes away in the middle is its own business.
    if (!isClientGone(error)) throw error;
  });
}

function refused(res: Response, size: number, error: unknown): never {
  if (error instanceof Refusal && error.code === 'range_not_satisfiable') res.set('Content-Range', `bytes */${size}`);
  throw error;
}

/** Lets bytes through, and throws when they end too early. */
const exactly = (length: number) =>
  async function* (chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let left = length;
    for await (const chunk of chunks) {
      left -= chunk.length;
      yield chunk;
    }
    if (left > 0) throw new Error(`${left} of ${length} bytes were missing at the end`);
  };

/** RFC 9110 §13.1.2: any of a list, weak or not, or `*`. */
const isKnown = (header: string | undefined, etag: string) =>
  header?.split(',').some((tag) => ['*', etag, `W/${etag}`].includes(tag.trim())) ?? false;

function requestedRange(req: Request, res: Response, size: number, etag: string): ByteRange | undefined {
  const { range, 'if-range': ifRange } = req.headers;
  // A Range is for GET only (RFC 9110 §14.2).
  if (!range || req.method !== 'GET' || (ifRange !== undefined && ifRange !== etag)) return undefined;
  // The last n of fewer bytes are all of it; range-parser takes that for nonsense.
  if (Number(/^bytes=-(\d+)$/.exec(range)?.[1]) > size) return undefined;
  const ranges = parseRange(size, range);
  if (ranges === -1) refused(res, size, new Refusal('range_not_satisfiable'));
  // Several ranges, or nonsense: all of it is a correct answer (RFC 9110 §14.2).
  if (ranges === -2 || ranges.length !== 1 || ranges.type !== 'bytes') return undefined;
  return ranges[0]!;
}

const isClientGone = (error: unknown) =>
  ['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET', 'EPIPE', 'ERR_STREAM_UNABLE_TO_PIPE'].includes((error as NodeJS.ErrnoException).code ?? '');
