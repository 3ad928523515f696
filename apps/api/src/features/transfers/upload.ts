import { Busboy } from '@fastify/busboy';
import { mediaTypes, modelFormats, sniffFormat } from '@vergeai/domain';
import type { Request, RequestHandler } from 'express';
import type { Readable } from 'node:stream';
import type { Context } from '../../context.js';
import { admitUpload, completeUpload } from './complete-upload.js';
import { modelName } from '../../models/present-model.js';
import { readTicket, type UploadClaims } from '../../models/tickets.js';
import { modelTooLarge, Refusal } from '../../refusal.js';
import type { StagedUpload } from '../../storage/blob-store.js';
import { baseUrl } from '../../http/edge/base-url.js';
import { requestState } from '../../http/edge/request-state.js';

const rawTypes = mediaTypes.flatMap(({ contentTypes }) => contentTypes);

/** PUT: the ticket's fields as query, the bytes as the body. */
export const uploadRaw = (ctx: Context): RequestHandler =>
  async (req, res) => {
    const claims = await admit(ctx, req, stringsOf(req.query));
    if (req.headers['content-type'] && !req.is(rawTypes))
      throw new Refusal('unsupported_media_type', `Send a model as ${mediaTypes.map(({ contentTypes }) => contentTypes[0]).join(' or ')}.`);
    await finish(ctx, req, claims, await stage(ctx, req));
    res.status(204).end();
  };

/** POST: a multipart form with the ticket's fields first and the bytes as the last part, `file`. */
export const uploadForm = (ctx: Context): RequestHandler =>
  async (req, res) => {
    if (!req.is('multipart/form-data')) throw new Refusal('unsupported_media_type', 'Send the ticket and the file as multipart/form-data, or PUT the bytes.');
    const form = openForm(req);
    const { fields, file } = await form.untilFile;
    const claims = await admit(ctx, req, fields);
    const staged = await stage(ctx, file).catch((error: unknown) => {
      throw form.isFault(error) ? new Refusal('incomplete_body', 'The form ends in the middle of the file.', { cause: error }) : error;
    });
    try {
      await form.ended;
    } catch (error) {
      await staged.discard();
      throw new Refusal('invalid_request', 'The form ends before its last boundary.', { cause: error });
    }
    await finish(ctx, req, claims, staged);
    res.status(204).end();
  };

/** Holds the request to its ticket before its bytes are taken in. */
async function admit(ctx: Context, req: Request, fields: Record<string, string>): Promise<UploadClaims> {
  if (req.headers['content-encoding']) throw new Refusal('unsupported_media_type', 'Send the bytes as they are, not compressed.');
  const claims = readTicket(ctx, fields['ticket'] ?? '');
  if (claims.purpose === 'download' || fields['key'] !== modelName(claims)) throw new Refusal('ticket_invalid');
  requestState(req).actor = await admitUpload(ctx, claims);
  if (Number(req.headers['content-length']) > ctx.config.limits.modelBytes + 64 * 1024) throw modelTooLarge(ctx.config.limits.modelBytes);
  return claims;
}

const stage = (ctx: Context, bytes: Readable) =>
  ctx.storage.stage(bytes, (head) => (modelFormats[sniffFormat(head)].isText ? ctx.config.limits.jsonModelBytes : ctx.config.limits.modelBytes));

/** Asks for the right once more, now that the bytes are here, and registers them. */
async function finish(ctx: Context, req: Request, claims: UploadClaims, staged: StagedUpload): Promise<void> {
  try {
    const actor = await admitUpload(ctx, claims);
    await completeUpload(ctx, { actor, requestId: requestState(req).requestId, baseUrl: baseUrl(ctx, req) }, claims, staged);
  } finally {
    await staged.discard();
  }
}

const stringsOf = (query: Request['query']) =>
  Object.fromEntries(Object.entries(query).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));

/** Follows a multipart body up to its file, and then to its end. */
function openForm(req: Request) {
  const parser = newParser(req);
  const fields: Record<string, string> = Object.create(null) as Record<string, string>;
  let fileFault: unknown;
  parser.on('field', (name, value) => {
    fields[name] = value;
  });
  /** Whatever ends the form too early. The parser may have more than one thing to say about that. */
  const broken = new Promise<never>((_, reject) => {
    parser.on('error', (error) => reject(new Refusal('invalid_request', 'The form is not valid multipart/form-data.', { cause: error })));
    req.once('close', () => !req.complete && reject(new Refusal('incomplete_body')));
  });
  const untilFile = new Promise<{ fields: Record<string, string>; file: Readable }>((resolve, reject) => {
    parser.on('file', (name, file) => {
      // Nobody may be reading it when the form breaks: an upload that was refused by then.
      file.on('error', (error) => {
        fileFault = error;
      });
      // A copy: fields that come after the bytes come too late, however small the form.
      if (name === 'file') return resolve({ fields: { ...fields }, file });
      file.resume();
      reject(new Refusal('invalid_request', 'The bytes must be in the part named "file".'));
    });
    parser.once('finish', () => reject(new Refusal('invalid_request', 'The form has no part named "file".')));
    broken.catch(reject);
  });
  const ended = Promise.race([new Promise<void>((resolve) => parser.once('finish', resolve)), broken]);
  ended.catch(() => {});
  // A connection that breaks has to break the file too, or its reader would take what came for all there is.
  untilFile.then(
    ({ file }) => req.once('close', () => !req.complete && file.destroy(new Refusal('incomplete_body'))),
    () => {},
  );
  req.pipe(parser);
  return { untilFile, ended, isFault: (error: unknown) => error === fileFault && !(error instanceof Refusal) };
}

function newParser(req: Request) {
  try {
    return new Busboy({
      headers: { ...req.headers, 'content-type': req.headers['content-type']! },
      limits: { fields: 20, fieldSize: 8 * 1024, files: 1, parts: 21 },
      fileHwm: 1024 * 1024,
    });
  } catch (error) {
    throw new Refusal('invalid_request', 'The form has no boundary.', { cause: error });
  }
}
