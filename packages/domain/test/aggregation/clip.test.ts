import { describe, expect, it } from 'vitest';
import { completeStrategy } from '../../src/aggregation/specification/complete.js';
import { planRound } from '../../src/aggregation/plan-round.js';
import type { Gaussian, Round } from '../../src/aggregation/round.js';
import { elementsOf, int64s, numbersOf, outcomeOf, valuesOf } from '../support/round.js';
import { stateKeeper } from '../support/stepped.js';

const tensors = [{ name: 'w', dtype: 'F64' as const, shape: [2] }];
const model = (...w: number[]) => numbersOf(new Map([['w', elementsOf('F64', w)]]));
const roundOf = (start: number[], ...updates: number[][]): Round => ({ tensors, start: model(...start), updates: updates.map((update) => ({ ...model(...update), numExamples: null })) });
const numbers = (strategy: object & { type: string }, round: Round) => valuesOf('F64', outcomeOf(strategy, round).get('w')!);

describe('clipping', () => {
  const fixed = (norm: number) => ({ type: 'FedAvg', clipping: { type: 'fixed', norm } });

  it('shortens the way of an update that lies too far, and no other', () => {
    expect(numbers(fixed(5), roundOf([1, 1], [31, 41]))).toEqual([4, 5]);
    expect(numbers(fixed(50), roundOf([1, 1], [31, 41]))).toEqual([31, 41]);
    expect(numbers(fixed(5), roundOf([0, 0], [30, 40], [1, 0]))).toEqual([2, 2]);
  });

  it('does nothing to an update that did not move, and nothing at all with a norm that nobody reaches', () => {
    expect(numbers(fixed(1), roundOf([3, -0], [3, -0]))).toEqual([3, -0]);
    const round = roundOf([0.1, 0.2], [0.3, 0.7], [-0.1, 9]);
    expect(numbers(fixed(Number.MAX_VALUE), round)).toEqual(numbers({ type: 'FedAvg' }, round));
  });

  it('says how far each update lay and which were shortened', () => {
    expect(planRound(completeStrategy(fixed(5)), roundOf([0, 0], [3, 4], [6, 8])).report).toEqual({ coefficients: [0.5, 0.5], selected: [true, true], norms: [5, 10], clipped: [false, true], clippingNorm: 5 });
  });

  it('that adapts lets the norm grow while most are clipped and shrink while few are', () => {
    const adaptive = completeStrategy({ type: 'FedAvg', clipping: { type: 'adaptive', initial_norm: 1 } });
    const normAfter = (...updates: number[][]) => {
      const { state, end } = stateKeeper();
      planRound(adaptive, { ...roundOf([0, 0], ...updates), state });
      return Number(end().notes.get('clipping_norm'));
    };
    expect(normAfter([9, 9], [9, 9])).toBeCloseTo(Math.exp(0.2 * 0.5), 15);
    expect(normAfter([0.1, 0], [0.1, 0])).toBeCloseTo(Math.exp(-0.2 * 0.5), 15);
    expect(normAfter([0.1, 0], [9, 0])).toBe(1);
  });
});

describe('noise', () => {
  const noisy = { type: 'FedAvg', clipping: { type: 'fixed', norm: 4 }, noise: { noise_multiplier: 0.5 } };
  /** Its number i is i. */
  const counting: Gaussian = (at, out) => out.forEach((_, i) => (out[i] = at + i));

  it('is as large as the multiplier times what one device can change, for each number another', () => {
    // 0.5 · 4 / 2 times 1 and 2
    expect(numbers(noisy, { ...roundOf([0, 0], [1, 1], [1, 3]), gaussian: counting })).toEqual([2, 4]);
  });

  it('leaves integers as they were in the start model, as a rounded mean would tell of the updates', () => {
    const steps = [{ name: 'steps', dtype: 'I64' as const, shape: [1] }];
    const of = (value: bigint) => numbersOf(new Map([['steps', int64s([value])]]));
    expect(outcomeOf(noisy, { tensors: steps, start: of(7n), gaussian: counting, updates: [{ ...of(9n), numExamples: null }] }).get('steps')).toEqual(int64s([7n]));
  });

  it('is the same whatever the blocks', () => {
    const round = { ...roundOf([0, 0], [1, 1], [1, 3]), gaussian: counting };
    expect(outcomeOf(noisy, round, 1)).toEqual(outcomeOf(noisy, round));
  });

  it('with a norm that adapts is split between the mean and the share of updates that were not clipped', () => {
    const { state, end } = stateKeeper();
    const updates = Array.from({ length: 20 }, () => [0.1, 0]);
    const round = { ...roundOf([0, 0], ...updates), state, gaussian: ((_at, out) => out.fill(1)) as Gaussian };
    const [x] = numbers({ type: 'FedAvg', clipping: { type: 'adaptive', initial_norm: 1 }, noise: { noise_multiplier: 1 } } as never, round);
    // σ of the share is n/20 = 1, so that of the mean is (1 − 1/4)^(−1/2) / 20
    expect(x).toBeCloseTo(0.1 + 1 / Math.sqrt(0.75) / 20, 12);
    expect(Number(end().notes.get('clipping_norm'))).toBeCloseTo(Math.exp(-0.2 * (1 + 1 / 20 - 0.5)), 12);
  });
});
