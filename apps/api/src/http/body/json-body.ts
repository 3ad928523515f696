import { createHash } from 'node:crypto';
import { MAX_JSON_DEPTH } from '@vergeai/contract';
import express, { type RequestHandler } from 'express';
import { Refusal } from '../../refusal.js';
import { hasBody } from './has-body.js';
import { jsonDepth } from './json-depth.js';
import { isJson } from './json-type.js';
import { requestState } from '../edge/request-state.js';

export const MAX_JSON_BODY_BYTES = 256 * 1024;

const parse = express.json({
  limit: MAX_JSON_BODY_BYTES,
  inflate: false,
  type: 'application/json',
  verify: (req, _res, bytes) => {
    if (jsonDepth(bytes) > MAX_JSON_DEPTH) throw new Refusal('json_too_deep');
    const state = requestState(req);
    if (state.idempotencyKey) state.bodyHash = createHash('sha256').update(bytes).digest('hex');
  },
});

/** Reads a JSON body of at most 256 KiB. A body of another type is refused rather than ignored. */
export const jsonBody: RequestHandler = (req, res, next) => {
  if (hasBody(req.headers) && !isJson(req))
    throw new Refusal('unsupported_media_type', 'Send the body as Content-Type: application/json, in UTF-8.');
  parse(req, res, next);
};
