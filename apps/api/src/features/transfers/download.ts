import { pipeline } from 'node:stream/promises';
import type { Request, RequestHandler, Response } from 'express';
import parseRange from 'range-parser';
import type { Context } from '../../context.js';
import { admitDownload } from './admit-download.js';
import { formatOfRow } from '../../models/model-format.js';
import { readTicket } from '../../models/tickets.js';
import { Refusal } from '../../refusal.js';
import { requestState } from '../../http/edge/request-state.js';

/** GET on a signed link: the model, byte for byte. Takes one Range, and If-None-Match with the model's sha256. */
export const download = (ctx: Context): RequestHandler =>
  async (req, res) => {
    const claims = readTicket(ctx, typeof req.query['ticket'] === 'string' ? req.query['ticket'] : '');
    if (claims.purpose !== 'download') throw new Refusal('ticket_invalid');
    const { actor, model } = await admitDownload(ctx, claims);
    requestState(req).actor = actor;

    const format = formatOfRow(model);
    const size = Number(model.size);
    const etag = `"${model.sha256}"`;
    res.set({
      ETag: etag,
      'Accept-Ranges': 'bytes',
      'Content-Type': format.contentTypes[0],
      'Content-Disposition': `attachment; filename="model.${format.extension}"`,
      'Cache-Control': 'private, max-age=3600, immutable',
    });
    if (isKnown(req.headers['if-none-match'], etag)) return void res.status(304).end();
    const range = requestedRange(req, res, size, etag);
    res.set('Content-Length', String(range ? range.end - range.start + 1 : size));
    if (req.method === 'HEAD') return void res.end();
    // Always by a range: a stream that knows its end does not read once more to find it.
    const bytes = await ctx.storage.read(model.blobKey, range ?? { start: 0, end: size - 1 });
    await pipeline(bytes, res).catch((error: unknown) => {
      // A client that goes away in the middle is its own business.
      if (!isClientGone(error)) throw error;
    });
  };

/** RFC 9110 §13.1.2: any of a list, weak or not, or `*`. */
const isKnown = (header: string | undefined, etag: string) =>
  header?.split(',').some((tag) => ['*', etag, `W/${etag}`].includes(tag.trim())) ?? false;

function requestedRange(req: Request, res: Response, size: number, etag: string) {
  const { range, 'if-range': ifRange } = req.headers;
  // A Range is for GET only (RFC 9110 §14.2).
  if (!range || req.method !== 'GET' || (ifRange !== undefined && ifRange !== etag)) return undefined;
  // The last n bytes of a model that has fewer are all of it; range-parser takes that for nonsense.
  if (Number(/^bytes=-(\d+)$/.exec(range)?.[1]) > size) return undefined;
  const ranges = parseRange(size, range);
  if (ranges === -1) {
    res.set('Content-Range', `bytes */${size}`);
    throw new Refusal('range_not_satisfiable');
  }
  // Several ranges, or nonsense: the whole model is a correct answer (RFC 9110 §14.2).
  if (ranges === -2 || ranges.length !== 1 || ranges.type !== 'bytes') return undefined;
  const { start, end } = ranges[0]!;
  res.status(206).set('Content-Range', `bytes ${start}-${end}/${size}`);
  return { start, end };
}

const isClientGone = (error: unknown) =>
  ['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET', 'EPIPE', 'ERR_STREAM_UNABLE_TO_PIPE'].includes((error as NodeJS.ErrnoException).code ?? '');
