import { setTimeout as pause } from 'node:timers/promises';
import type { World } from '../load/world.js';
import type { Site } from './site.js';

/** How many steps' time the last jobs may take once nothing is broken any more; the checker holds every single step to its patience. */
const REST_WITHIN_STEPS = 9;

/** Faults have ended: lets every job come to its end, and then everybody go home. Gives the milliseconds it took. */
export async function comeToRest(world: World, site: Pick<Site, 'broken' | 'patienceSec'>): Promise<number> {
  const began = performance.now();
  const withinSec = REST_WITHIN_STEPS * site.patienceSec;
  world.calm = true;
  world.journal.note({ what: 'calm' });
  const unfinished = () => world.projects.flatMap((project) => (project.deleted ? [] : project.experiments)).filter((experiment) => experiment.unfinished.size > 0);
  const isHopeless = () => site.broken || world.fellOver;
  // Two looks in a row: a job that has just been made may not have been told of yet.
  for (let quiet = 0; quiet < 2 && !isHopeless() && performance.now() - began < withinSec * 1000; ) {
    await pause(250);
    quiet = unfinished().length === 0 ? quiet + 1 : 0;
  }
  const left = unfinished().map(({ id }) => id);
  if (left.length > 0 && !isHopeless()) world.wrong(`${withinSec} s after the last fault there are still unfinished jobs in ${left.length} experiments: ${left.join(', ')}`);
  world.journal.note({ what: 'rest' });
  world.over = true;
  return Math.round(performance.now() - began);
}
