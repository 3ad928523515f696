import type { Context } from './context.js';

const ORPHAN_AGE_MS = 60 * 60 * 1000;

/**
 * Removes what nothing points to any more: blobs whose registration never came to pass, answers and tickets that have
 * expired. A blob is registered within moments of being kept, so an hour without a row means that none will come.
 */
export async function sweep(ctx: Context): Promise<void> {
  const now = ctx.clock.now();
  await ctx.db.prisma.idempotentAnswer.deleteMany({ where: { expiresAt: { lte: now } } });
  await ctx.db.prisma.usedTicket.deleteMany({ where: { expiresAt: { lte: now } } });
  for await (const { key, changedAt } of ctx.storage.list()) {
    if (now.getTime() - changedAt.getTime() < ORPHAN_AGE_MS) continue;
    const row = await ctx.db.prisma.storedModel.findFirst({ where: { blobKey: key }, select: { id: true } });
    if (!row) await ctx.storage.remove(key);
  }
}
