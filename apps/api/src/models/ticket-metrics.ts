import { build, insert, query, statement, type HotStatement } from '@vergeai/db';
import type { Context } from '../context.js';
import { Refusal } from '../refusal.js';
import type { TicketClaims, UploadClaims } from './tickets.js';
import { rememberedUntil } from './use-ticket.js';

/**
 * A ticket travels in the URL of a PUT, of which proxies and servers take 8 KiB and less: what a device reports of its training
 * goes along when it is no longer than this, as JSON, and is kept in the database otherwise.
 */
const CARRIED_BYTES = 1024;

/** So many of a device's tickets for one job can be told apart by their metrics. Beyond that the oldest ones lapse. */
const MOST_KEPT = 20;

/** A ticket as it can travel, and what keeps the rest of it, if there is any. */
export function travelling(claims: UploadClaims): { readonly claims: TicketClaims; readonly statements: readonly HotStatement[] } {
  if (claims.purpose !== 'model_update') return { claims, statements: [] };
  const metrics = JSON.stringify(claims.metrics);
  if (Buffer.byteLength(metrics) <= CARRIED_BYTES) return { claims, statements: [] };
  const { id: ticketId, jobId, deviceId } = claims;
  return {
    claims: { ...claims, metrics: null },
    statements: [forgetOldest({ jobId, deviceId }), insert('TicketMetrics', { ticketId, jobId, deviceId, metrics, expiresAt: rememberedUntil(claims) })],
  };
}

const forgetOldest = statement((of: { jobId: string; deviceId: string }) =>
  build
    .deleteFrom('TicketMetrics')
    .where('jobId', '=', of.jobId)
    .where('deviceId', '=', of.deviceId)
    .where('ticketId', 'not in', ({ selectFrom }) =>
      selectFrom('TicketMetrics as t')
        .select('t.ticketId')
        .where('t.jobId', '=', of.jobId)
        .where('t.deviceId', '=', of.deviceId)
        .orderBy('t.expiresAt', 'desc')
        .orderBy('t.ticketId')
        .limit(MOST_KEPT - 1)));

const kept = query((of: { ticketId: string }) => build.selectFrom('TicketMetrics').select('metrics').where('ticketId', '=', of.ticketId));

/** A ticket with all that it was asked for with. Throws a Refusal `ticket_expired`. */
export async function arrived(ctx: Context, claims: Exclude<TicketClaims, { purpose: 'download' }>): Promise<UploadClaims> {
  if (claims.purpose !== 'model_update') return claims;
  if (claims.metrics) return { ...claims, metrics: claims.metrics };
  const row = await ctx.db.hot.get(kept, { ticketId: claims.id });
  if (!row) throw new Refusal('ticket_expired');
  return { ...claims, metrics: JSON.parse(row.metrics) as Record<string, number> };
}
