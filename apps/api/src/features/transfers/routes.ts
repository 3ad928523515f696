import type { Request } from 'express';
import type { Context } from '../../context.js';
import { sendBytes } from '../../http/answer/send-bytes.js';
import { openForm } from '../../http/body/form-body.js';
import { rawBody, refuseCompressed, refusePart } from '../../http/body/raw-body.js';
import { updateReportIn } from '../../http/body/update-report.js';
import { callOf } from '../../http/edge/call-of.js';
import { requestState } from '../../http/edge/request-state.js';
import type { Transfers } from '../../http/register-transfers.js';
import type { UploadClaims } from '../../models/tickets.js';
import { modelTooLarge } from '../../refusal.js';
import type { StagedUpload } from '../../storage/blob-store.js';
import { downloadModel } from './download.js';
import { admitUpload, completeUpload, readUpload, rightOf, roomFor, showUpload, stageUpload } from './upload.js';

/** What may stand around the bytes in a form. */
const FORM_BYTES = 64 * 1024;

export const transfers: Transfers = {
  /** A multipart form with the ticket's fields first and the bytes as the last part, `file`. */
  async uploadForm(ctx, req, res) {
    const form = await openForm(req);
    const { claims, room } = await admit(ctx, req, form.fields, 'body', FORM_BYTES);
    await complete(ctx, req, claims, await form.take((file) => stageUpload(ctx, claims, room, file)));
    res.status(204).end();
  },

  /** The ticket's fields as query, the bytes as the body. */
  async uploadRaw(ctx, req, res) {
    const { claims, room } = await admit(ctx, req, stringsOf(req.query), 'query', 0);
    await complete(ctx, req, claims, await stageUpload(ctx, claims, room, rawBody(req)));
    res.status(204).end();
  },

  /** The model behind a signed link, byte for byte. */
  async download(ctx, req, res) {
    const { actor, bytes } = await downloadModel(ctx, stringsOf(req.query)['ticket'] ?? '');
    requestState(req).actor = actor;
    await sendBytes(req, res, bytes);
  },
};

/**
 * Holds the request to its ticket before its bytes are taken in, and gives how many the project has room for. `part`: where the fields
 * stood. `around`: how much of the body may be something else.
 */
async function admit(ctx: Context, req: Request, fields: Readonly<Record<string, string>>, part: 'query' | 'body', around: number): Promise<{ claims: UploadClaims; room: number }> {
  refuseCompressed(req);
  refusePart(req);
  const claims = await readUpload(ctx, fields, () => updateReportIn(part, fields));
  const admission = await admitUpload(ctx, claims);
  requestState(req).actor = admission.actor;
  const { modelBytes } = ctx.config.limits;
  const length = req.headers['content-length'];
  const announced = Number(length ?? 0) - around;
  if (announced > modelBytes) throw modelTooLarge(modelBytes);
  // Whatever comes, it is not nothing.
  const room = await roomFor(ctx, claims, admission, Math.max(1, announced));
  await showUpload(ctx, callOf(ctx, req, rightOf(claims)), claims, admission, length === undefined ? undefined : announced);
  return { claims, room };
}

/** Asks for the right once more, now that the bytes are here, and registers them. */
async function complete(ctx: Context, req: Request, claims: UploadClaims, staged: StagedUpload): Promise<void> {
  try {
    requestState(req).actor = (await admitUpload(ctx, claims)).actor;
    await completeUpload(ctx, callOf(ctx, req, rightOf(claims)), claims, staged);
  } finally {
    await staged.discard();
  }
}

const stringsOf = (query: Request['query']): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(query).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
