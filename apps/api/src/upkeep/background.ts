import type { Context } from '../context.js';
import { every } from '../time/every.js';
import { recoverJobs } from '../engine/recover-jobs.js';
import { deleteGoneDevices, GONE_SEC } from '../engine/delete-gone-devices.js';
import { endOverdueJobs, replaceSilentDevices, replaceVanishedDevices } from '../engine/watch-jobs.js';
import { openOverduePlaces } from '../engine/watch-places.js';
import type { LastUsed } from '../access/last-used.js';
import { recoverSessions } from './recover-sessions.js';
import { cleanUp } from './clean-up.js';
import { followDatabase } from './follow-database.js';
import { taskHandlers } from './task-handlers.js';
import { whenHeard } from './when-heard.js';
import { writeLastUsed } from './write-last-used.js';
import { writePresence } from './write-presence.js';

const WATCH_EVERY_MS = 500;
const FLUSH_EVERY_MS = 10_000;
const FOLLOW_EVERY_MS = 60_000;
const GONE_EVERY_MS = 5_000;
const CLEAN_UP_EVERY_MS = 10 * 60 * 1000;

/**
 * Everything that happens without a request: what was left undone is taken up, tasks run, deadlines and leases are
 * watched, leftovers are removed. With ROLE=api only the process's own notes are written. Returns how to stop.
 */
export async function startBackground(ctx: Context, lastUsed: LastUsed): Promise<() => Promise<void>> {
  const repeat = (ms: number, what: string, work: () => Promise<void>) =>
    every(ctx.clock, ms, work, (error) => ctx.log.error({ err: error }, `could not ${what}`));
  const flush = repeat(FLUSH_EVERY_MS, 'note when keys were last used', () => writeLastUsed(ctx, lastUsed));
  const sightings = repeat(FLUSH_EVERY_MS, 'note when devices were seen', () => writePresence(ctx));
  const follow = repeat(FOLLOW_EVERY_MS, "follow the database's time", () => followDatabase(ctx));
  if (ctx.config.role === 'api') return async () => void (await Promise.all([flush(), sightings(), follow()]));

  await recoverJobs(ctx);
  await recoverSessions(ctx);
  await ctx.tasks.start(taskHandlers(ctx));
  const firstCleanUp = cleanUp(ctx).catch((error: unknown) => ctx.log.error({ err: error }, 'could not clean up'));
  const timers = [
    flush,
    sightings,
    follow,
    repeat(WATCH_EVERY_MS, 'look for overdue jobs', () => endOverdueJobs(ctx)),
    repeat(WATCH_EVERY_MS, 'look for deleted devices', () => replaceVanishedDevices(ctx)),
    repeat(WATCH_EVERY_MS, 'look for lapsed leases', whenHeard(ctx, () => replaceSilentDevices(ctx))),
    repeat(WATCH_EVERY_MS, 'look for devices that do not come', whenHeard(ctx, () => openOverduePlaces(ctx))),
    repeat(GONE_EVERY_MS, 'look for ephemeral devices that have gone', whenHeard(ctx, () => deleteGoneDevices(ctx), GONE_SEC)),
    repeat(CLEAN_UP_EVERY_MS, 'clean up', () => cleanUp(ctx)),
  ];
  return async () => {
    await Promise.all([ctx.tasks.stop(), firstCleanUp, ...timers.map((stop) => stop())]);
  };
}
