import type { Context } from '../context.js';
import { every } from '../time/every.js';
import { LEASE_SEC } from '@vergeai/domain';
import { recoverJobs } from '../engine/recover-jobs.js';
import { cancelOverdueJobs, replaceSilentDevices, replaceVanishedDevices } from '../engine/watch-jobs.js';
import { openOverduePlaces } from '../engine/watch-places.js';
import type { LastUsed } from '../access/last-used.js';
import { cleanUp } from './clean-up.js';
import { taskHandlers } from './task-handlers.js';
import { writeLastUsed } from './write-last-used.js';

const WATCH_EVERY_MS = 500;
const FLUSH_EVERY_MS = 10_000;
const CLEAN_UP_EVERY_MS = 10 * 60 * 1000;

/**
 * Everything that happens without a request: what was left undone is taken up, tasks run, deadlines and leases are
 * watched, leftovers are removed. With ROLE=api only the process's own notes are written. Returns how to stop.
 */
export async function startBackground(ctx: Context, lastUsed: LastUsed): Promise<() => Promise<void>> {
  const repeat = (ms: number, what: string, work: () => Promise<void>) =>
    every(ctx.clock, ms, work, (error) => ctx.log.error({ err: error }, `could not ${what}`));
  const flush = repeat(FLUSH_EVERY_MS, 'note when keys were last used', () => writeLastUsed(ctx, lastUsed));
  if (ctx.config.role === 'api') return flush;

  await recoverJobs(ctx);
  await ctx.tasks.start(taskHandlers(ctx));
  const startedAt = ctx.clock.monotonic();
  const firstCleanUp = cleanUp(ctx).catch((error: unknown) => ctx.log.error({ err: error }, 'could not clean up'));
  const timers = [
    flush,
    repeat(WATCH_EVERY_MS, 'look for overdue jobs', () => cancelOverdueJobs(ctx)),
    repeat(WATCH_EVERY_MS, 'look for deleted devices', () => replaceVanishedDevices(ctx)),
    repeat(WATCH_EVERY_MS, 'look for lapsed leases', async () => {
      // Devices get the time to renew their leases first: that the server was away is not their fault.
      if (ctx.clock.monotonic() - startedAt > LEASE_SEC * 1000) await replaceSilentDevices(ctx);
    }),
    repeat(WATCH_EVERY_MS, 'look for devices that do not come', async () => {
      if (ctx.clock.monotonic() - startedAt > LEASE_SEC * 1000) await openOverduePlaces(ctx);
    }),
    repeat(CLEAN_UP_EVERY_MS, 'clean up', () => cleanUp(ctx)),
  ];
  return async () => {
    await Promise.all([ctx.tasks.stop(), firstCleanUp, ...timers.map((stop) => stop())]);
  };
}
