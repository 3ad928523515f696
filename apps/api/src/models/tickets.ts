import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { z } from 'zod';
import type { Context } from '../context.js';
import { Refusal } from '../refusal.js';

const common = {
  id: z.string(),
  /** Whose right it is: the key the ticket was asked for with. */
  keyId: z.string(),
  keyMark: z.string(),
  projectId: z.string(),
  experimentId: z.string(),
  /** Epoch milliseconds. */
  expiresAt: z.number(),
};

const upload = {
  ...common,
  /** It was asked for with an Idempotency-Key, which covers the upload: the same bytes again get the same answer. */
  repeatable: z.boolean(),
};

const claims = z.discriminatedUnion('purpose', [
  z.object({ ...upload, purpose: z.literal('start_model') }),
  z.object({
    ...upload,
    purpose: z.literal('model_update'),
    jobId: z.string(),
    deviceId: z.string(),
    numExamples: z.number().nullable(),
    metrics: z.record(z.string(), z.number()),
  }),
  z.object({ ...common, purpose: z.literal('download'), modelId: z.string() }),
]);

/** What a ticket is good for. It is bound to purpose, entity and principal, and nobody can change a letter of it. */
export type TicketClaims = z.infer<typeof claims>;
export type UploadClaims = Exclude<TicketClaims, { purpose: 'download' }>;
export type DownloadClaims = Extract<TicketClaims, { purpose: 'download' }>;

/** A device may report a hundred numbers under long names, and all of a ticket has to fit into the URL of a PUT. */
const COMPRESSED_FROM_BYTES = 1024;
const COMPRESSED = '~';

/** Only of a payload that we have signed: nobody else's bytes are inflated. */
const textOf = (payload: string) =>
  (payload.startsWith(COMPRESSED) ? inflateRawSync(Buffer.from(payload.slice(1), 'base64url')) : Buffer.from(payload, 'base64url')).toString('utf8');

export function signTicket(ctx: Context, ticket: TicketClaims): string {
  const bytes = Buffer.from(JSON.stringify(ticket));
  const payload = bytes.length > COMPRESSED_FROM_BYTES ? COMPRESSED + deflateRawSync(bytes).toString('base64url') : bytes.toString('base64url');
  return `${payload}.${ctx.secrets.sign(payload)}`;
}

/** Throws a Refusal `ticket_invalid` or `ticket_expired`. */
export function readTicket(ctx: Context, text: string): TicketClaims {
  const ticket = readSigned(ctx, text);
  if (ticket.expiresAt <= ctx.clock.now().getTime()) throw new Refusal('ticket_expired');
  return ticket;
}

/** The same of one that may have expired. Throws a Refusal `ticket_invalid`. */
export function readSigned(ctx: Context, text: string): TicketClaims {
  const [payload = '', signature = '', ...more] = text.split('.');
  if (more.length > 0 || !ctx.secrets.isSignature(payload, signature)) throw new Refusal('ticket_invalid');
  const { data: ticket } = claims.safeParse(JSON.parse(textOf(payload)));
  // Ours, but of another version.
  if (!ticket) throw new Refusal('ticket_invalid');
  return ticket;
}
