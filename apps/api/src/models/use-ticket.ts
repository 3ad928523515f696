import { build, query, statement } from '@vergeai/db';
import type { Context } from '../context.js';
import { Refusal } from '../refusal.js';
import type { UploadClaims } from './tickets.js';

const use = statement((ticket: { id: string; expiresAt: Date }) =>
  build.insertInto('UsedTicket').values({ id: ticket.id, expiresAt: ticket.expiresAt }).onConflict((twice) => twice.doNothing()), 1);

/** As long as a stored answer can give the same ticket again. */
const REMEMBERED_MS = 24 * 60 * 60 * 1000;

/** Until when what is known of a ticket is kept. */
export const rememberedUntil = ({ expiresAt }: UploadClaims): Date => new Date(expiresAt + REMEMBERED_MS);

/** Marks a ticket as used, in the transaction that uses it: it has to change a row, and its primary key lets only one through. */
export const useTicket = (ticket: UploadClaims) => use({ id: ticket.id, expiresAt: rememberedUntil(ticket) });

const usedTicket = query((ticket: { id: string }) => build.selectFrom('UsedTicket').select('id').where('id', '=', ticket.id));

export const isUsed = async (ctx: Context, { id }: UploadClaims): Promise<boolean> => (await ctx.db.hot.get(usedTicket, { id })) !== undefined;

/** Tells early that a ticket was used, before its bytes travel. Throws a Refusal `ticket_used`. */
export async function requireUnused(ctx: Context, ticket: UploadClaims): Promise<void> {
  if (await isUsed(ctx, ticket)) throw new Refusal('ticket_used');
}
