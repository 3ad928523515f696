import { startPostgres } from '@vergeai/testkit';
import { Chance } from '../chance.js';
import type { Options } from '../options.js';
import { runRound, type RoundResult, type RoundWork } from './round.js';

export interface SoakResult {
  readonly seconds: number;
  readonly rounds: readonly RoundResult[];
  readonly violations: readonly string[];
}

/** Runs everything that was asked for, in as many data folders at a time as there are lanes. */
export async function soak(options: Omit<Options, 'json' | 'record' | 'attacks'>, onRound: (result: RoundResult) => void): Promise<SoakResult> {
  const began = performance.now();
  const until = Date.now() + options.minutes * 60_000;
  const postgres = options.database === 'postgresql' ? await startPostgres() : undefined;
  const chance = new Chance(options.seed);
  const queue = plan(options);
  const rounds: RoundResult[] = [];
  const lane = async () => {
    for (let next = queue.shift(); next && Date.now() < until; next = queue.shift()) {
      const result = await runRound({ chance: chance.of('round', next.number), newPostgresDatabase: postgres?.createDatabase, work: next.work, disturbed: options.disturb, until });
      rounds.push(result);
      onRound(result);
    }
  };
  try {
    await Promise.all(Array.from({ length: options.lanes }, lane));
  } finally {
    await postgres?.stop();
  }
  return { seconds: Math.round((performance.now() - began) / 1000), rounds, violations: rounds.flatMap(({ violations }) => violations) };
}

function plan({ kills, freezes, races, fuzz, steady, perFolder }: Pick<Options, 'kills' | 'freezes' | 'races' | 'fuzz' | 'steady' | 'perFolder'>) {
  const inParts = (total: number, most: number, make: (count: number) => RoundWork) =>
    Array.from({ length: Math.ceil(total / most) }, (_, part) => make(Math.min(most, total - part * most)));
  const all = [
    ...inParts(kills, perFolder, (count) => ({ kind: 'kills', count })),
    ...inParts(freezes, perFolder, (count) => ({ kind: 'freezes', count })),
    ...inParts(races, 500, (count) => ({ kind: 'races', count })),
    ...inParts(fuzz, 50_000, (count) => ({ kind: 'fuzz', count })),
    ...inParts(steady, steady || 1, (count) => ({ kind: 'steady', count })),
  ];
  return all.map((work, number) => ({ number, work }));
}
