import { build, statement } from '@vergeai/db';
import { sessionTimes } from '../access/session.js';
import type { Context } from '../context.js';
import { takeKnownStep } from '../writing/take-known-step.js';

const ORPHAN_AGE_MS = 60 * 60 * 1000;
/** For whoever wants to know how a job's aggregation went; its events tell for ever. */
const FINISHED_TASK_AGE_MS = 7 * 24 * 60 * 60 * 1000;
const KEYS_AT_ONCE = 500;

const forgetAnswers = statement((at: { now: Date }) => build.deleteFrom('IdempotentAnswer').where('expiresAt', '<=', at.now));
const forgetTickets = statement((at: { now: Date }) => build.deleteFrom('UsedTicket').where('expiresAt', '<=', at.now));
const forgetMetrics = statement((at: { now: Date }) => build.deleteFrom('TicketMetrics').where('expiresAt', '<=', at.now));
const forgetTasks = statement((at: { finishedBefore: Date }) => build.deleteFrom('Task').where('finishedAt', '<=', at.finishedBefore));
/** By time, or because their key does not count any more. */
const forgetSessions = statement((at: { now: Date; idleSince: Date; timeOfDay: Date }) =>
  build.deleteFrom('Session').where((session) =>
    session.or([
      session('expiresAt', '<=', at.now),
      session('lastUsedAt', '<=', at.idleSince),
      session.not(
        session.exists(
          session
            .selectFrom('ApiKey as k')
            .select('k.id')
            .whereRef('k.id', '=', 'Session.keyId')
            .whereRef('k.secretHash', '=', 'Session.keyHash')
            .where('k.revokedAt', 'is', null)
            .where((key) => key.or([key('k.expiresAt', 'is', null), key('k.expiresAt', '>', at.timeOfDay)])),
        ),
      ),
    ])));
const forgetCodes = statement((at: { now: Date }) => build.deleteFrom('SignInCode').where('expiresAt', '<=', at.now));

/**
 * Removes what nothing needs any more: blobs whose registration never came to pass, answers and tickets that have
 * expired, sessions that are over, tasks that were finished a week ago. A blob is registered within moments of being kept, so an hour without a
 * row means that none will come. What processes left half-way that died goes, too.
 */
export async function cleanUp(ctx: Context): Promise<void> {
  const now = ctx.clock.now();
  const finishedBefore = new Date(now.getTime() - FINISHED_TASK_AGE_MS);
  const session = sessionTimes(ctx.timebase.now());
  for (const forget of [forgetAnswers({ now }), forgetTickets({ now }), forgetMetrics({ now }), forgetTasks({ finishedBefore }), forgetSessions({ ...session, timeOfDay: now }), forgetCodes(session)])
    await takeKnownStep(ctx, undefined, { statements: [forget], makesRoom: true });
  // By whichever is earlier: the time of day may have been set between the writing of a file and now, either way.
  const age = (changedAt: Date) => Math.min(now.getTime(), ctx.timebase.now().getTime()) - changedAt.getTime();
  let old: string[] = [];
  for await (const { key, changedAt } of ctx.storage.list()) {
    if (age(changedAt) < ORPHAN_AGE_MS) continue;
    old.push(key);
    if (old.length === KEYS_AT_ONCE) {
      await removeOrphans(ctx, old);
      old = [];
    }
  }
  await removeOrphans(ctx, old);
  await ctx.storage.removeLeftovers();
}

async function removeOrphans(ctx: Context, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  const of = { where: { blobKey: { in: [...keys] } }, select: { blobKey: true } };
  const rows = [...(await ctx.db.prisma.storedModel.findMany(of)), ...(await ctx.db.prisma.serverState.findMany(of))];
  const used = new Set(rows.map(({ blobKey }) => blobKey));
  for (const key of keys) if (!used.has(key)) await ctx.storage.remove(key);
}
