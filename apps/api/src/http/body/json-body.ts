import { createHash } from 'node:crypto';
import express, { type NextFunction, type Request, type RequestHandler } from 'express';
import { Refusal } from '../../refusal.js';
import { hasBody } from './has-body.js';
import { isJson } from './json-type.js';
import { inOwnTurn } from './own-turn.js';
import { parseJson } from './parse-json.js';
import { requestState } from '../edge/request-state.js';

export const MAX_JSON_BODY_BYTES = 256 * 1024;

/** Most bodies are smaller, and neither worth counting nor waiting for. */
export const SMALL_JSON_BODY_BYTES = 2 * 1024;

const read = express.raw({ limit: MAX_JSON_BODY_BYTES, inflate: false, type: 'application/json' });

/** Reads a JSON body of at most 256 KiB. A body of another type is refused rather than ignored. */
export const jsonBody: RequestHandler = (req, res, next) => {
  if (hasBody(req.headers) && !isJson(req))
    throw new Refusal('unsupported_media_type', 'Send the body as Content-Type: application/json, in UTF-8.');
  read(req, res, (error?: unknown) => {
    if (error || !Buffer.isBuffer(req.body)) return next(error);
    const bytes = req.body;
    if (bytes.length <= SMALL_JSON_BODY_BYTES) takeAndGoOn(req, bytes, next);
    else inOwnTurn(() => takeAndGoOn(req, bytes, next));
  });
};

function takeAndGoOn(req: Request, bytes: Buffer, next: NextFunction): void {
  try {
    take(req, bytes);
  } catch (refusal) {
    return next(refusal);
  }
  next();
}

const BYTE_ORDER_MARK = Buffer.from('\ufeff');

function take(req: Request, bytes: Buffer): void {
  const state = requestState(req);
  if (state.idempotencyKey) state.bodyHash = createHash('sha256').update(bytes).digest('hex');
  // Some editors write one, and it says nothing.
  const start = bytes.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
  const body = bytes.length === 0 ? {} : parseJson(bytes.subarray(start));
  if (typeof body !== 'object' || body === null) throw new Refusal('invalid_json');
  req.body = body;
}
