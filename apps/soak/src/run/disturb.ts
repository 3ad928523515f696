import { setTimeout as pause } from 'node:timers/promises';
import type { Chance } from '../chance.js';
import type { Site } from './site.js';

const MINUTE = 60_000;
/** By how much a wall clock is wrong: a little, as between two machines, or by a time zone. */
const WRONG_MS = [-60 * MINUTE, -2 * MINUTE, 0, 2 * MINUTE, 60 * MINUTE] as const;
const SUSPENDED_MS = [500, 12_000] as const;

/** Now and then: the server's wall clock is set, or the server is suspended for a while. Nobody may be worse off for it. */
export async function disturb(site: Site, index: number, moment: string, chance: Chance): Promise<void> {
  if (chance.happens(0.3)) await site.setClock(index, chance.pick(WRONG_MS), moment);
  if (!chance.happens(0.06)) return;
  site.freeze(index, moment);
  await pause(chance.between(...SUSPENDED_MS));
  site.thaw(index);
}
