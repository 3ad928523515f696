import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type RunningServer } from '@vergeai/testkit';
import { decodeModel, encodeModel, type Model } from '../src/index.js';
import { applyState, proximalTerm, toState } from '../src/tfjs.js';
import { newExperiment, newJob, workerFor } from './support.js';

const network = () =>
  layers.sequential({
    layers: [
      // Not relu: its units may all be dead from the first weights on, and two networks of dead units predict the same.
      layers.layers.dense({ units: 3, inputShape: [2], activation: 'tanh' }),
      layers.layers.batchNormalization(),
      layers.layers.dense({ units: 1, name: 'last' }),
    ],
  });

const predict = (model: layers.LayersModel) => [...(model.predict(tf.tensor2d([[1, 2]])) as tf.Tensor).dataSync()];

describe('the TensorFlow.js bridge', () => {
  it('names weights alike in every network of the same form, and carries them over to the bit', async () => {
    const [one, other] = [network(), network()];
    const state = await toState(one);
    expect([...state.keys()]).toEqual(['0.kernel', '0.bias', '1.gamma', '1.beta', '1.moving_mean', '1.moving_variance', '2.kernel', '2.bias']);
    expect(state.get('0.kernel')).toMatchObject({ dtype: 'F32', shape: [2, 3] });
    expect(predict(other)).not.toEqual(predict(one));
    applyState(other, decodeModel(encodeModel(state, 'safetensors')));
    expect(predict(other)).toEqual(predict(one));
    expect(await toState(other)).toEqual(state);
    applyState(other, decodeModel(encodeModel(state, 'json')));
    expect(await toState(other)).toEqual(state);
  });

  it('gives a copy, and leaves no tensors behind', async () => {
    const model = network();
    const state = await toState(model);
    const before = tf.memory().numTensors;
    applyState(model, state);
    applyState(model, await toState(model));
    expect(tf.memory().numTensors).toBe(before);
    state.get('0.kernel')!.data.fill(7 as never);
    expect((await toState(model)).get('0.kernel')!.data[0]).not.toBe(7);
  });

  it('changes nothing when the state is that of another network', async () => {
    const model = network();
    const state = await toState(model);
    const without = new Map(state);
    without.delete('2.bias');
    expect(() => applyState(model, without)).toThrow('no tensor 2.bias');
    expect(() => applyState(model, new Map([...state, ['3.kernel', state.get('2.kernel')!]]))).toThrow('no weight 3.kernel');
    const turned = { ...state.get('0.kernel')!, shape: [3, 2] };
    expect(() => applyState(model, new Map([...state, ['0.kernel', turned]]))).toThrow('has shape [3, 2] where the network has [2, 3]');
    expect(await toState(model)).toEqual(state);
  });
});

describe('the proximal term', () => {
  const move = (state: Model, name: string, at: number, by: number) => {
    const { data } = state.get(name)!;
    data[at] = (data[at] as number) + by;
  };

  it('is half of μ times the squared distance to the given model, over what is trained, and 0 where nothing has moved', async () => {
    const model = network();
    const start = await toState(model);
    expect(proximalTerm(model, start, 0.5).dataSync()[0]).toBe(0);
    const moved = await toState(model);
    move(moved, '0.bias', 1, 2);
    move(moved, '2.bias', 0, -1);
    // A running mean is no weight that is trained.
    move(moved, '1.moving_mean', 0, 100);
    applyState(model, moved);
    expect(proximalTerm(model, start, 0.5).dataSync()[0]).toBeCloseTo(0.25 * (4 + 1), 6);
  });

  it('pulls the weights back, and leaves no tensors behind', async () => {
    const model = network();
    const start = await toState(model);
    const moved = await toState(model);
    move(moved, '0.bias', 1, 2);
    applyState(model, moved);
    const optimizer = tf.train.sgd(0.1);
    const before = tf.memory().numTensors;
    optimizer.minimize(() => proximalTerm(model, start, 3));
    expect(tf.memory().numTensors).toBe(before);
    const [was, is] = [moved, await toState(model)].map((state) => state.get('0.bias')!.data[1]! as number);
    // The gradient is μ(w − w₀) = 3·2.
    expect(is! - was!).toBeCloseTo(-0.1 * 6, 5);
  });

  it('says which weight the given model lacks', async () => {
    const model = network();
    const start = new Map(await toState(model));
    start.delete('2.bias');
    expect(() => proximalTerm(model, start, 1)).toThrow('no tensor 2.bias');
  });
});

describe('with a worker', () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.stop());

  it('a network is trained as a job', async () => {
    const start = network();
    const experiment = await newExperiment(server.url, 1, encodeModel(await toState(start), 'safetensors'));
    await newJob(experiment);
    const trained = network();
    trained.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const worker = workerFor(experiment, experiment.devices[0]!, async ({ model }) => {
      applyState(trained, model);
      await trained.fit(tf.tensor2d([[1, 2], [3, 4]]), tf.tensor2d([[1], [2]]), { epochs: 2, verbose: 0 });
      return { model: await toState(trained), numExamples: 2 };
    });
    expect(await worker.run({ maxJobs: 1 })).toBe(1);
    expect(worker.errors).toEqual([]);
    expect(predict(trained)).not.toEqual(predict(start));
  });
});
