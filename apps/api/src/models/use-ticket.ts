import type { Transaction } from '../writing/commit.js';
import type { Context } from '../context.js';
import { Refusal } from '../refusal.js';
import type { UploadClaims } from './tickets.js';

/** Marks a ticket as used, in the transaction that uses it; its primary key lets only one through. */
export async function useTicket(ctx: Context, tx: Transaction, { id, expiresAt }: UploadClaims): Promise<void> {
  try {
    await tx.usedTicket.create({ data: { id, expiresAt: new Date(expiresAt) } });
  } catch (error) {
    throw ctx.db.isUniqueViolation(error) ? new Refusal('ticket_used', undefined, { cause: error }) : error;
  }
}

/** Tells early that a ticket was used, before its bytes travel. Throws a Refusal `ticket_used`. */
export async function requireUnused(ctx: Context, { id }: UploadClaims): Promise<void> {
  const used = await ctx.db.hot.get('SELECT t."id" FROM "UsedTicket" t WHERE t."id" = ?', [id]);
  if (used) throw new Refusal('ticket_used');
}
