import { describe, expect, it } from 'vitest';
import { evaluate } from '../../src/recipes/network/evaluate.js';
import { newNetwork } from '../../src/recipes/network/new-network.js';
import { Network } from '../../src/recipes/network/network.js';
import { train } from '../../src/recipes/network/train.js';
import { seededRandom } from '../../src/recipes/random.js';
import type { Examples, Progress, Task } from '../../src/recipes/recipe.js';

const classes: Task = { kind: 'classes', classes: ['inside', 'outside'] };
const value: Task = { kind: 'value', unit: { mean: 10, spread: 4 } };
const quiet = { signal: new AbortController().signal, onProgress: () => {} };
const small = () => newNetwork({ inputs: 2, hidden: 8, outputs: 2 }, 3);

/** Points, and whether they are inside a circle: no straight line parts them. */
function points(count: number, seed: number): Examples {
  const random = seededRandom(seed);
  const at = Array.from({ length: count }, () => [2 * random() - 1, 2 * random() - 1] as const);
  return { count, width: 2, read: (index, row) => row.set(at[index]!), targets: at.map(([x, y]) => Number(x ** 2 + y ** 2 > 0.6)) };
}

describe('a network', () => {
  it('learns what no straight line tells apart, and is judged on what it has not seen', async () => {
    const model = small();
    const before = evaluate(model, classes, points(400, 2));
    const trained = await train(model, classes, points(400, 1), { learning_rate: 0.05, epochs: 40 }, 1, quiet);
    const after = evaluate(model, classes, points(400, 2));
    expect(before).toMatchObject({ measure: 'accuracy', count: 400 });
    expect(after.value).toBeGreaterThan(0.93);
    expect(after.value).toBeGreaterThan(Math.max(before.value, before.baseline));
    expect(after.loss).toBeLessThan(before.loss);
    expect(trained).toMatchObject({ numExamples: 400 });
  });

  it('learns a value, and gives the error in the unit of the value', async () => {
    const random = seededRandom(1);
    const at = Array.from({ length: 300 }, () => 2 * random() - 1);
    const examples: Examples = { count: 300, width: 1, read: (index, row) => row.set([at[index]!]), targets: at.map((x) => Math.abs(x) - 0.5) };
    const model = newNetwork({ inputs: 1, hidden: 8, outputs: 1 }, 1);
    await train(model, value, examples, { learning_rate: 0.05, epochs: 60 }, 1, quiet);
    const { measure, value: error, loss, baseline } = evaluate(model, value, examples);
    expect(measure).toBe('error');
    expect(error).toBeLessThan(baseline / 5);
    expect(error).toBeCloseTo(4 * Math.sqrt(2 * loss), 10);
    // The spread of |x| − ½ is 0.29, of which the unit makes 4 times as much.
    expect(baseline).toBeGreaterThan(1);
    expect(baseline).toBeLessThan(1.4);
  });

  it('steps down the very slope of its loss', () => {
    for (const [kind, target] of [['classes', 1], ['value', 0.7]] as const) {
      const make = () => newNetwork({ inputs: 3, hidden: 4, outputs: kind === 'classes' ? 2 : 1 }, 5);
      const row = Float32Array.of(0.3, -0.8, 0);
      const trained = make();
      new Network(trained, kind).learn(row, target, 1);
      for (const name of trained.keys()) {
        const [from, to] = [make().get(name)!.data as Float32Array, trained.get(name)!.data as Float32Array];
        for (let at = 0; at < from.length; at++) {
          const lossWith = (change: number) => {
            const model = make();
            (model.get(name)!.data as Float32Array)[at]! += change;
            return new Network(model, kind).judge(row, target).loss;
          };
          const slope = (lossWith(1e-2) - lossWith(-1e-2)) / 2e-2;
          expect(from[at]! - to[at]!, `${kind} ${name}[${at}]`).toBeCloseTo(slope, 2);
        }
      }
    }
  });

  it('does the same again from the same seed, and something else from another', async () => {
    const run = async (seed: number) => {
      const model = small();
      await train(model, classes, points(100, 1), { learning_rate: 0.05, epochs: 2 }, seed, quiet);
      return [...(model.get('0.weight')!.data as Float32Array)];
    };
    expect(await run(1)).toEqual(await run(1));
    expect(await run(1)).not.toEqual(await run(2));
  });

  it('tells how far it is, from the first epoch to the last example', async () => {
    const told: Progress[] = [];
    await train(small(), classes, points(100, 1), { learning_rate: 0.05, epochs: 3 }, 1, { ...quiet, onProgress: (at) => told.push(at) });
    expect(told.length).toBeGreaterThanOrEqual(15);
    expect(told.length).toBeLessThanOrEqual(20);
    expect(told[0]).toMatchObject({ epoch: 1, epochs: 3 });
    expect(told.at(-1)).toMatchObject({ epoch: 3, fraction: 1, examples: 300 });
  });

  it('stops when it is told to, in the middle, and lets others have their turn', async () => {
    const stop = new AbortController();
    const reason = new Error('cancelled');
    let turns = 0;
    const turn = () => (++turns === 3 ? stop.abort(reason) : setImmediate(turn));
    setImmediate(turn);
    const endless = train(small(), classes, points(1000, 1), { learning_rate: 0.01, epochs: 1e9 }, 1, { signal: stop.signal, onProgress: () => {} });
    await expect(endless).rejects.toBe(reason);
  });

  it('says so when the learning rate is too large', async () => {
    const model = newNetwork({ inputs: 2, hidden: 8, outputs: 1 }, 1);
    await expect(train(model, value, points(200, 1), { learning_rate: 10, epochs: 5 }, 1, quiet)).rejects.toThrow(/ran away.*smaller learning rate than 10/);
  });

  it('refuses a model that is none, or takes or gives something else', async () => {
    const twoTensors = new Map([...small()].slice(0, 2));
    expect(() => new Network(twoTensors, 'classes')).toThrow(/0\.weight, 0\.bias, 2\.weight and 2\.bias/);
    expect(() => evaluate(newNetwork({ inputs: 5, hidden: 2, outputs: 2 }, 1), classes, points(9, 1))).toThrow('takes 5 numbers, and an example has 2');
    expect(() => evaluate(newNetwork({ inputs: 2, hidden: 2, outputs: 3 }, 1), classes, points(9, 1))).toThrow('gives 3 numbers, and 2 are wanted');
  });
});
