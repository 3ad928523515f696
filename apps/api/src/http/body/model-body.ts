import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Request, RequestHandler } from 'express';
import type { Context } from '../../context.js';
import { modelLimit } from '../../models/model-limit.js';
import { Refusal } from '../../refusal.js';
import { whenOver } from '../answer/queued.js';
import { bodyOf } from './body-of.js';
import type { BodyRoom } from './body-room.js';
import { EnvelopeSplitter, MODEL_MARKER } from './envelope-splitter.js';
import { MAX_JSON_BODY_BYTES, SMALL_JSON_BODY_BYTES } from './json-body.js';
import { isJson } from './json-type.js';
import { inOwnTurn } from './own-turn.js';
import { parseJson } from './parse-json.js';
import { requestState } from '../edge/request-state.js';

/**
 * Reads a JSON body that may carry a model. The model's bytes go to a temporary file as they arrive, unparsed and
 * unchanged; the rest becomes `req.body`, without `model`. The file goes when the request is over, unless it was kept.
 */
export const modelBody = (ctx: Context, bodies: BodyRoom): RequestHandler =>
  async (req, res, next) => {
    if (!isJson(req) || req.headers['content-encoding'])
      throw new Refusal('unsupported_media_type', 'Send the body as Content-Type: application/json, not compressed; anything else goes by upload ticket.');
    // Hardly an envelope is large. One that is takes its room like other JSON.
    const splitter = new EnvelopeSplitter(MAX_JSON_BODY_BYTES, () => whenOver(req, res, bodies.hold(req)));
    const model = await stageModel(ctx, req, splitter);
    const state = requestState(req);
    if (model) {
      state.model = model;
      res.once('close', () => void state.model?.discard());
      if (res.closed) {
        // The client has sent all of it and gone: that was the only close there will be.
        await model.discard();
        throw new Refusal('incomplete_body', 'The connection ended before the answer.');
      }
    }
    const envelope = splitter.envelope();
    if (envelope.length > SMALL_JSON_BODY_BYTES) await new Promise<void>(inOwnTurn);
    state.bodyHash = createHash('sha256').update(envelope).digest('hex');
    req.body = withoutMarker(parseEnvelope(envelope), model !== undefined);
    next();
  };

async function stageModel(ctx: Context, req: Request, splitter: EnvelopeSplitter) {
  const chunks = arrivingChunks(req);
  try {
    // Nothing is staged for the many requests that only ask for a ticket.
    const first = await nextModelBytes(chunks, splitter);
    if (!first) return undefined;
    const bytes = Readable.from(modelBytes(first, chunks, splitter), { objectMode: false });
    return await ctx.storage.stage(bytes, () => modelLimit(ctx, 'json'));
  } finally {
    // Not awaited: a chunk may be on its way, and the refusal does not wait for it.
    void chunks.return(undefined);
  }
}

/** The body, with a connection that breaks told as a Refusal `incomplete_body`. */
async function* arrivingChunks(req: Request): AsyncGenerator<Uint8Array, undefined> {
  try {
    yield* bodyOf(req);
  } catch (error) {
    throw error instanceof Refusal ? error : new Refusal('incomplete_body', undefined, { cause: error });
  }
  return undefined;
}

async function nextModelBytes(chunks: AsyncGenerator<Uint8Array, undefined>, splitter: EnvelopeSplitter): Promise<Uint8Array | undefined> {
  for (;;) {
    const { value, done } = await chunks.next();
    if (done) return undefined;
    const bytes = splitter.write(value);
    if (bytes.length > 0) return bytes;
  }
}

async function* modelBytes(first: Uint8Array, chunks: AsyncGenerator<Uint8Array, undefined>, splitter: EnvelopeSplitter): AsyncGenerator<Uint8Array> {
  for (let bytes: Uint8Array | undefined = first; bytes; bytes = await nextModelBytes(chunks, splitter)) yield bytes;
}

function parseEnvelope(envelope: Uint8Array): unknown {
  if (envelope.length === 0) throw new Refusal('invalid_json', 'The body is empty.');
  return parseJson(envelope);
}

/** A `model` that the splitter did not recognise (say, its name written with escapes) is refused, never parsed as one. */
function withoutMarker(body: unknown, staged: boolean): unknown {
  if (typeof body !== 'object' || body === null || !('model' in body)) return body;
  const { model, ...rest } = body;
  if (staged && model === MODEL_MARKER) return rest;
  const message = 'must be an object of tensors';
  throw new Refusal('invalid_request', `/body/model ${message}.`, { errors: [{ path: '/body/model', message }] });
}
