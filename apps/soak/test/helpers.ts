import { testSeed } from '@vergeai/testkit';
import { expect } from 'vitest';
import type { Options } from '../src/options.js';
import { soak, type SoakResult } from '../src/run/soak.js';

const nothing = { kills: 0, freezes: 0, races: 0, fuzz: 0, steady: 0, disturb: false, database: 'sqlite', minutes: 60, lanes: 2, perFolder: 50 } as const;

/** Runs a share of `npm run soak`, which must end without a violation. */
export async function expectSound(what: string, options: Partial<Omit<Options, 'json' | 'record' | 'attacks' | 'seed'>>): Promise<SoakResult> {
  const result = await soak({ ...nothing, ...options, seed: testSeed(what) }, ({ checked, moments }) => console.log(`${what}: ${checked} ${JSON.stringify(moments)}`));
  expect(result.violations).toEqual([]);
  return result;
}

export const sum = (result: SoakResult, of: (round: SoakResult['rounds'][number]) => number): number => result.rounds.reduce((total, round) => total + of(round), 0);
