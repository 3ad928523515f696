import { statfs } from 'node:fs/promises';
import { awaitedStates } from '@vergeai/domain';
import type { Context } from '../context.js';
import { sleep } from '../time/sleep.js';
import { awaitedDevices, jobsWith, openStatuses, storedBytes, unfinishedTasks } from './queries.js';

/** Asked more often than this, by however many, the last answer is given. */
const KEPT_MS = 5_000;

/** Whoever collects metrics waits ten seconds, as a rule, and wants the rest although the database is away. */
const PATIENCE_MS = 2_000;

/** Brings up to date what the meters tell of database and disk. It only reads. */
export function createReadings(ctx: Context): () => Promise<void> {
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;
  const refresh = async () => {
    await Promise.all([inTime(ctx), readDisk(ctx)]);
    readAt = ctx.clock.monotonic();
  };
  return async () => {
    ctx.meters.databaseWaiting.set(ctx.db.waiting());
    if (ctx.clock.monotonic() - readAt < KEPT_MS) return;
    await (reading ??= refresh().finally(() => {
      reading = undefined;
    }));
  };
}

/** What the database knows, or else that it does not answer. */
async function inTime(ctx: Context): Promise<void> {
  const enough = new AbortController();
  const show = await Promise.race([readDatabase(ctx).catch(() => undefined), sleep(ctx.clock, PATIENCE_MS, enough.signal)]);
  enough.abort();
  const { meters } = ctx;
  // Of what is not known nothing is told: a last value would look like news.
  for (const meter of [meters.tasks, meters.jobs, meters.jobDevices]) meter.reset();
  for (const meter of [meters.oldestDueTask, meters.blobBytes]) meter.remove();
  meters.databaseUp.set(show ? 1 : 0);
  show?.();
}

/** Gives how to show what was read, so that half an answer is none. */
async function readDatabase(ctx: Context): Promise<() => void> {
  const { db, meters } = ctx;
  const tasks = await db.hot.all(unfinishedTasks, {});
  const jobs: Array<readonly [string, number]> = [];
  for (const status of openStatuses) jobs.push([status, (await db.hot.get(jobsWith, { status }))!.count]);
  const devices = await db.hot.all(awaitedDevices, {});
  const stored = (await db.hot.get(storedBytes, {}))?.bytes ?? 0;
  const now = ctx.timebase.now();
  return () => {
    const due = tasks.filter((task) => stateOf(task, now) === 'due');
    for (const task of tasks) meters.tasks.inc({ kind: task.kind, state: stateOf(task, now) });
    meters.oldestDueTask.set(due[0] ? (now.getTime() - due[0].runAt.getTime()) / 1000 : 0);
    for (const [status, count] of jobs) meters.jobs.set({ status }, count);
    for (const state of awaitedStates) meters.jobDevices.set({ state }, devices.find((each) => each.state === state)?.count ?? 0);
    meters.blobBytes.set(stored);
  };
}

interface UnfinishedTask {
  readonly runAt: Date;
  readonly leaseExpiresAt: Date | null;
}

function stateOf({ runAt, leaseExpiresAt }: UnfinishedTask, now: Date): 'due' | 'running' | 'later' {
  if (leaseExpiresAt && leaseExpiresAt > now) return 'running';
  return runAt > now ? 'later' : 'due';
}

async function readDisk({ config, meters, log }: Context): Promise<void> {
  meters.diskFloor.set(config.storage.minFreeBytes);
  for (const [folder, path] of [['data', config.dataDir], ['models', config.storage.dir]] as const) {
    try {
      const { bavail, bsize } = await statfs(path);
      meters.diskFree.set({ folder }, bavail * bsize);
    } catch (error) {
      meters.diskFree.remove({ folder });
      log.warn({ err: error, folder: path }, 'the disk could not be asked how much room it has');
    }
  }
}
