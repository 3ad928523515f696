import { describe, expect, it } from 'vitest';
import { planRound } from '../../../src/aggregation/plan-round.js';
import type { Round } from '../../../src/aggregation/round.js';
import { completeStrategy } from '../../../src/aggregation/specification/complete.js';
import { elementsOf, numbersOf, outcomeOf, valuesOf } from '../../support/round.js';

const of = (values: readonly number[]) => numbersOf(new Map([['w', elementsOf('F64', values)]]));
const roundOf = (start: readonly number[], updates: readonly (readonly number[])[], losses: readonly number[]): Round => ({
  tensors: [{ name: 'w', dtype: 'F64', shape: [start.length] }],
  start: of(start),
  updates: updates.map((update, i) => ({ ...of(update), numExamples: 1000 ** i, loss: losses[i] })),
});
const fair = (q: number, start: readonly number[], updates: readonly (readonly number[])[], losses: readonly number[]) =>
  valuesOf('F64', outcomeOf({ type: 'QFedAvg', q, device_learning_rate: 0.5 }, roundOf(start, updates, losses)).get('w')!);

describe('q-FedAvg', () => {
  it('with q = 0 is the mean in which all count alike', () => {
    const [one, other] = fair(0, [1, 1], [[3, 0], [5, 2], [1, 4]], [1, 20, 300]);
    expect(one).toBeCloseTo(3, 12);
    expect(other).toBeCloseTo(2, 12);
  });

  it('moves as the paper says, worked out by hand', () => {
    // L = 2. The steps are 2·(0 − 1) = −2 and 2·(0 + 2) = 4, with losses 3 and 1: −(3·−2 + 1·4) / ((4 + 6) + (16 + 2)).
    expect(fair(1, [0], [[1], [-2]], [3, 1])[0]).toBeCloseTo(2 / 28, 9);
  });

  it('leans towards the device whose loss is high, the more the higher q is', () => {
    const directions = [0, 0.5, 1, 2].map((q) => {
      const [towardsHigh, towardsLow] = fair(q, [0, 0], [[0.1, 0], [0, 0.1]], [2, 1]);
      return towardsHigh! / towardsLow!;
    });
    expect(directions[0]).toBeCloseTo(1, 9);
    expect(directions.slice(1).map((ratio, i) => ratio > directions[i]!)).toEqual([true, true, true]);
  });

  it('takes small losses and devices that stand still, and nothing without a loss or the start model', () => {
    expect(fair(0.1, [7], [[7], [7]], [1e-300, 5])).toEqual([7]);
    const round = roundOf([0], [[1]], [1]);
    const spec = completeStrategy({ type: 'QFedAvg', device_learning_rate: 0.5 });
    for (const wrong of [{ ...round, start: undefined }, roundOf([0], [[1]], []), roundOf([0], [[1]], [0])]) expect(() => planRound(spec, wrong as Round)).toThrow(RangeError);
  });
});
