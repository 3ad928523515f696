import { build, query, statement } from '@vergeai/db';
import type { Context } from '../context.js';
import { Refusal } from '../refusal.js';
import type { UploadClaims } from './tickets.js';

const use = statement((ticket: { id: string; expiresAt: Date }) =>
  build.insertInto('UsedTicket').values({ id: ticket.id, expiresAt: ticket.expiresAt }).onConflict((twice) => twice.doNothing()), 1);

/** Marks a ticket as used, in the transaction that uses it: it has to change a row, and its primary key lets only one through. */
export const useTicket = ({ id, expiresAt }: UploadClaims) => use({ id, expiresAt: new Date(expiresAt) });

const usedTicket = query((ticket: { id: string }) => build.selectFrom('UsedTicket').select('id').where('id', '=', ticket.id));

/** Tells early that a ticket was used, before its bytes travel. Throws a Refusal `ticket_used`. */
export async function requireUnused(ctx: Context, { id }: UploadClaims): Promise<void> {
  if (await ctx.db.hot.get(usedTicket, { id })) throw new Refusal('ticket_used');
}
