import { setTimeout as pause } from 'node:timers/promises';
import type { Chance } from '../chance.js';
import type { World } from '../load/world.js';
import { disturb } from './disturb.js';
import type { Aim, Faults } from './kills.js';
import type { Site } from './site.js';

/** Longer than a task's lease: meanwhile the other server takes over, and what the frozen one does on waking must not count. */
const FROZEN_MS = [1_000, 17_000] as const;
/** Long after the checker would call it too late. */
const MOST_PATIENCE_MS = 120_000;

/** Two servers on one PostgreSQL, in turn killed with -9 and frozen for a while, most of all in mid-aggregation. */
export async function killAndFreeze(site: Site, world: World, aim: Aim, chance: Chance, { count, disturbed, until }: Faults): Promise<{ killed: number; frozen: number }> {
  const servers = [await site.start(0), await site.start(1)];
  await Promise.all(servers.map(({ ready }) => ready));
  let [killed, frozen] = [0, 0];
  while (killed + frozen < count && Date.now() < until && !site.broken && !world.fellOver) {
    const index = chance.below(2);
    const moment = chance.pick(['aggregation', 'aggregation', 'upload', 'register', 'hand-over'] as const);
    const came = await aim.wait(moment, 1 + chance.below(4), pause(10_000, undefined, { ref: false }));
    await pause(chance.between(0, 25));
    if (disturbed) await disturb(site, index, came ? moment : 'anywhere', chance.of('disturbance', killed + frozen));
    const interrupted = [...world.aggregating];
    if ((killed + frozen) % 2 === 0) {
      await site.kill(index, came ? moment : 'anywhere');
      killed++;
      await (await site.start(index)).ready;
    } else {
      site.freeze(index, came ? moment : 'anywhere');
      frozen++;
      await pause(chance.between(...FROZEN_MS));
      site.thaw(index);
    }
    await takenOver(site, world, interrupted);
  }
  for (const index of disturbed ? [0, 1] : []) await site.setClock(index, 0, 'the end');
  return { killed, frozen };
}

/** Until what a fault interrupted has ended, so that how long that took has only this fault to blame. Judging it is the checker's part. */
async function takenOver(site: Site, world: World, interrupted: readonly string[]): Promise<void> {
  for (const began = performance.now(); performance.now() - began < MOST_PATIENCE_MS && !site.broken; await pause(20)) {
    if (!interrupted.some((job) => world.aggregating.has(job))) return;
  }
}
