import { Readable } from 'node:stream';
import { mediaTypes } from '@vergeai/domain';
import type { Request } from 'express';
import { Refusal } from '../../refusal.js';
import { bodyOf } from './body-of.js';

const types = mediaTypes.flatMap(({ contentTypes }) => contentTypes);

/** The body as it comes, if it may be a model. Throws a Refusal `unsupported_media_type`. */
export function rawBody(req: Request): Readable {
  if (req.headers['content-type'] && !req.is(types)) throw new Refusal('unsupported_media_type', `Send a model as ${mediaTypes.map(({ contentTypes }) => contentTypes[0]).join(' or ')}.`);
  return Readable.from(bodyOf(req), { objectMode: false });
}

/** Bytes are kept as they come, so they have to come as they are. Throws a Refusal `unsupported_media_type`. */
export function refuseCompressed(req: Request): void {
  if (req.headers['content-encoding']) throw new Refusal('unsupported_media_type', 'Send the bytes as they are, not compressed.');
}

/** RFC 9110 §14.5: who sends a part of something would be told that all of it has arrived. Throws a Refusal `invalid_request`. */
export function refusePart(req: Request): void {
  if (req.headers['content-range'] === undefined) return;
  const message = 'must not be there: a model is uploaded as a whole';
  throw new Refusal('invalid_request', `Content-Range ${message}.`, { errors: [{ path: '/headers/content-range', message }] });
}
