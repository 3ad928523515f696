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

/** Answers GET and HEAD with bytes. Takes one Range, and If-None-Match with their sha256. Throws a Refusal `range_not_satisfiable`. */
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
  res.set('Content-Length', String(range ? range.end - range.start + 1 : size));
  if (req.method === 'HEAD') return void res.end();
  // Always by a range: a stream that knows its end does not read once more to find it.
  await pipeline(await read(range ?? { start: 0, end: size - 1 }), res).catch((error: unknown) => {
    // A client that goes away in the middle is its own business.
    if (!isClientGone(error)) throw error;
  });
}

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
  if (ranges === -1) {
    res.set('Content-Range', `bytes */${size}`);
    throw new Refusal('range_not_satisfiable');
  }
  // Several ranges, or nonsense: all of it is a correct answer (RFC 9110 §14.2).
  if (ranges === -2 || ranges.length !== 1 || ranges.type !== 'bytes') return undefined;
  const { start, end } = ranges[0]!;
  res.status(206).set('Content-Range', `bytes ${start}-${end}/${size}`);
  return { start, end };
}

const isClientGone = (error: unknown) =>
  ['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET', 'EPIPE', 'ERR_STREAM_UNABLE_TO_PIPE'].includes((error as NodeJS.ErrnoException).code ?? '');
