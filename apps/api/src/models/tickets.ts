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
  /** It was asked for with an Idempotency-Key, which covers the upload, or came with a job: the same bytes again get the same answer. */
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
    /** It came with the job: what the device reports of its training comes with the upload. */
    beforeTraining: z.boolean().optional(),
    /** Null where they are too long to travel: then they are kept under the ticket's id (`ticket-metrics.ts`). */
    metrics: z.record(z.string(), z.number()).nullable(),
  }),
  z.object({ ...common, purpose: z.literal('download'), modelId: z.string() }),
]);

/** What a ticket is good for. It is bound to purpose, entity and principal, and nobody can change a letter of it. */
export type TicketClaims = z.infer<typeof claims>;
/** What a ticket for an upload is good for, with all that it was asked for with. */
export type UploadClaims = Whole<Exclude<TicketClaims, { purpose: 'download' }>>;
type Whole<Claims> = Claims extends { readonly metrics: infer Metrics } ? Claims & { readonly metrics: NonNullable<Metrics> } : Claims;
export type DownloadClaims = Extract<TicketClaims, { purpose: 'download' }>;

export function signTicket(ctx: Context, ticket: TicketClaims): string {
  const payload = Buffer.from(JSON.stringify(ticket)).toString('base64url');
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
  const { data: ticket } = claims.safeParse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
  // Ours, but of another version.
  if (!ticket) throw new Refusal('ticket_invalid');
  return ticket;
}
