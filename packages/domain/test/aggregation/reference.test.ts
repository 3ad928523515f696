import { describe, expect, it } from 'vitest';
import { plainRound, seededRandom, strategyRequests, testSeed, type PlainModel, type PlainState } from '@vergeai/testkit';
import type { Round } from '../../src/aggregation/round.js';
import { completeStrategy } from '../../src/aggregation/specification/complete.js';
import { wrongNumberOfDevices } from '../../src/aggregation/specification/devices-needed.js';
import type { TensorSpec } from '../../src/layout/model-layout.js';
import { elementsOf, int64s, numbersOf, outcomeOf, valuesOf } from '../support/round.js';
import { stateKeeper } from '../support/stepped.js';

const random = seededRandom(testSeed('reference'));
const below = (limit: number) => Math.floor(random() * limit);

const tensors: TensorSpec[] = [
  { name: 'dense.w', dtype: 'F32', shape: [3, 7] },
  { name: 'norm.running_var', dtype: 'F32', shape: [5] },
  { name: 'steps', dtype: 'I64', shape: [3] },
  { name: 'dense.b', dtype: 'F64', shape: [] },
  { name: 'none', dtype: 'F64', shape: [0, 4] },
];

const elements = (model: PlainModel) =>
  new Map(model.map(({ name, kind, values }) => [name, kind === 'I64' ? int64s(values.map(BigInt)) : elementsOf(kind, values)]));

function drawModel(around?: PlainModel, spread = 1): PlainModel {
  return tensors.map(({ name, dtype, shape }, k) => {
    const size = shape.reduce((product, one) => product * one, 1);
    const values = Array.from({ length: size }, (_, i) => {
      const from = around?.[k]!.values[i] ?? 0;
      if (dtype === 'I64') return around ? from + below(9) - 4 : below(2 ** 40);
      const value = from + (random() * 2 - 1) * spread;
      return dtype === 'F32' ? Math.fround(value) : value;
    });
    return { name, kind: dtype as 'F64' | 'F32' | 'I64', values };
  });
}

describe('a strategy through five rounds', () => {
  it.each(strategyRequests.map((request) => [JSON.stringify(request), request] as const))('gives with %s the very bytes of the plain telling, model and state, whatever the blocks', (_, request) => {
    const spec = completeStrategy(request);
    for (let devices = 9; devices <= 10; devices++) {
      expect(wrongNumberOfDevices(spec, devices)).toBeUndefined();
      const first = drawModel();
      const rounds = Array.from({ length: 5 }, () => ({
        draw: Array.from({ length: devices }, () => ({ spread: random() < 0.1 ? 1000 : random(), count: random() < 0.1 ? 2 ** 50 : 1 + below(99), loss: random() < 0.1 ? 1e-300 : random() * 3 })),
      }));
      let plain: { model: PlainModel; state: PlainState | undefined } = { model: first, state: undefined };
      const keepers = [1, 4, Infinity].map((blockLength) => ({ blockLength, ...stateKeeper() }));
      for (const { draw } of rounds) {
        const start = plain.model;
        const updates = draw.map(({ spread }) => drawModel(start, spread));
        const counts = draw.map(({ count }) => count);
        const losses = draw.map(({ loss }) => loss);
        plain = plainRound(spec, start, updates, counts, plain.state, losses);
        for (const { blockLength, state, end } of keepers) {
          const round: Round = { tensors, start: numbersOf(elements(start)), state, updates: updates.map((update, k) => ({ ...numbersOf(elements(update)), numExamples: counts[k]!, loss: losses[k] })) };
          expect(outcomeOf(request, round, blockLength)).toEqual(elements(plain.model));
          const { kept, notes } = end();
          const { t, norm, m, v } = plain.state!;
          expect(notes.get('clipping_norm')).toBe(norm === undefined ? undefined : String(norm));
          expect(notes.get('t')).toBe(t === 0 ? undefined : String(t));
          for (const { name, values } of m) expect(valuesOf('F64', kept.get(`m/${name}`) ?? new Uint8Array())).toEqual(values);
          if (spec.type !== 'FedAvgM') for (const { name, values } of v) expect(valuesOf('F64', kept.get(`v/${name}`) ?? new Uint8Array())).toEqual(values);
        }
      }
    }
  });
});
