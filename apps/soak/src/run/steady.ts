import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { World } from '../load/world.js';
import type { Site } from './site.js';

const SAMPLES_A_MINUTE = 30;
/** Fewer minutes say nothing of what comes after the warm-up. */
const FEWEST_TO_JUDGE = 8;
/** What is resident goes up and down with the collector of garbage. */
const MOST_GROWTH = 1.1;

/** Lets one server work for so many minutes. Gives the median of its resident memory, in MiB, minute by minute. */
export async function watchMemory(site: Site, world: World, minutes: number, until: number): Promise<number[]> {
  const server = await site.start();
  await server.ready;
  const samples: number[] = [];
  while (samples.length < minutes * SAMPLES_A_MINUTE && Date.now() < until && !site.broken && !world.fellOver) {
    await pause(60_000 / SAMPLES_A_MINUTE);
    samples.push(await residentMiB(server.pid));
  }
  const curve = Array.from({ length: Math.ceil(samples.length / SAMPLES_A_MINUTE) }, (_, minute) =>
    Math.round(median(samples.slice(minute * SAMPLES_A_MINUTE, (minute + 1) * SAMPLES_A_MINUTE))));
  const grown = growth(curve);
  if (grown) world.wrong(`at a steady load memory grew from ${grown.from} to ${grown.to} MiB between the second and the last quarter of ${curve.length} minutes: ${curve.join(', ')}`);
  return curve;
}

/** From the median of the second quarter to that of the last, when that is more than a collector of garbage explains. */
export function growth(curve: readonly number[]): { readonly from: number; readonly to: number } | undefined {
  if (curve.length < FEWEST_TO_JUDGE) return undefined;
  const quarter = Math.floor(curve.length / 4);
  const [from, to] = [median(curve.slice(quarter, 2 * quarter)), median(curve.slice(-quarter))];
  return to > from * MOST_GROWTH ? { from, to } : undefined;
}

const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;

async function residentMiB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024;
}
