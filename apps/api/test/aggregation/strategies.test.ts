import { readFile } from 'node:fs/promises';
import { completeStrategy } from '@vergeai/domain';
import { plainRound, seededRandom, strategyRequests, testSeed, type PlainModel, type PlainState } from '@vergeai/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, send, startApi, type TestApi } from '../support/api.js';
import { safetensors } from '../support/models.js';
import { aggregateOf, drawnFor, getJob, jobWith, newJob, newTrainingOf, uploadUpdate, type Training } from '../support/training.js';

const ROUNDS = 5;
const DEVICES = 9;

const shapes = { 'dense.w': { kind: 'F32', shape: [3, 4] }, 'norm.running_var': { kind: 'F32', shape: [5] }, steps: { kind: 'I64', shape: [2] }, 'dense.b': { kind: 'F64', shape: [] } } as const;

const elements = { F32: Float32Array, F64: Float64Array };
const bytesOf = (kind: 'F32' | 'F64' | 'I64', values: readonly number[]) => new Uint8Array(kind === 'I64' ? BigInt64Array.from(values, BigInt).buffer : elements[kind].from(values).buffer);
const valuesOf = (kind: 'F32' | 'F64' | 'I64', bytes: Buffer): number[] => {
  const { buffer } = new Uint8Array(bytes);
  return kind === 'I64' ? Array.from(new BigInt64Array(buffer), Number) : [...new elements[kind](buffer)];
};

/** How a model is written and read in each format; a JSON model has floats only. */
const formats = {
  safetensors: {
    names: Object.keys(shapes) as (keyof typeof shapes)[],
    write: (model: PlainModel) => safetensors(Object.fromEntries(model.map(({ name, kind, values }) => [name, { dtype: kind, shape: shapes[name as keyof typeof shapes].shape, data: bytesOf(kind, values) }]))),
    read(file: Buffer): PlainModel {
      const begin = 8 + Number(file.readBigUInt64LE());
      const header = JSON.parse(file.subarray(8, begin).toString()) as Record<string, { dtype: 'F32' | 'F64' | 'I64'; data_offsets: [number, number] }>;
      return Object.entries(header).filter(([name]) => name !== '__metadata__').map(([name, { dtype, data_offsets: [from, to] }]) => ({ name, kind: dtype, values: valuesOf(dtype, file.subarray(begin + from, begin + to)) }));
    },
  },
  json: {
    names: ['dense.w', 'norm.running_var', 'dense.b'] as (keyof typeof shapes)[],
    write: (model: PlainModel) => Buffer.from(JSON.stringify(Object.fromEntries(model.map(({ name, values }) => [name, values])))),
    read: (file: Buffer): PlainModel => Object.entries(JSON.parse(file.toString()) as Record<string, number[]>).map(([name, values]) => ({ name, kind: 'F64', values })),
  },
};

describe.each(databases)('five rounds over HTTP on %s', (database) => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi(database);
  });
  afterAll(() => api.close());

  const describeExperiment = async ({ project, experiment }: Training) => (await send(api, 'GET', `/v1/experiment/describe/${project}/${experiment}?limit=1`, { key: api.adminKey })).body;

  /** Model and state as they are on disk, after as many rounds as there are updates. */
  async function train(training: Training, rounds: readonly { readonly updates: readonly PlainModel[]; readonly counts: readonly number[]; readonly losses: readonly number[] }[], format: (typeof formats)['json' | 'safetensors'], strategy: unknown) {
    for (const { updates, counts, losses } of rounds) {
      const job = await newJob(api, training, { num_devices: DEVICES, aggregation_strategy: strategy });
      // Updates go by the ids of their devices, and arrive in another order.
      const devices = drawnFor(training, await getJob(api, training, job));
      const inIdOrder = devices.toSorted((a, b) => (a.id < b.id ? -1 : 1));
      for (const device of devices) {
        const place = inIdOrder.indexOf(device);
        await uploadUpdate(api, training, job, device, format.write(updates[place]!), { num_examples: counts[place]!, metrics: { loss: losses[place]! } });
      }
      await jobWith(api, training, job, 'COMPLETED');
    }
    const [job] = (await describeExperiment(training)).jobs.data;
    const state = await api.ctx.db.prisma.serverState.findUnique({ where: { currentOfId: training.experiment } });
    return { model: format.read(await aggregateOf(api, training, job.job_id as string)), job, state: state && formats.safetensors.read(await readFile((await api.ctx.storage.borrow(state.blobKey, state.sha256)).path)) };
  }

  it.each(strategyRequests.map((request, at) => [JSON.stringify(request), request, at] as const))('give with %s the numbers of the plain telling, and what is kept for the next one', async (_, request, at) => {
    const random = seededRandom(testSeed(`${JSON.stringify(request)} on ${database}`));
    const format = formats[at % 2 === 0 ? 'safetensors' : 'json'];
    const draw = (around?: PlainModel, spread = 1): PlainModel =>
      format.names.map((name, k) => {
        const { kind, shape } = format === formats.json ? { ...shapes[name], kind: 'F64' as const } : shapes[name];
        const values = Array.from({ length: shape.reduce<number>((product, one) => product * one, 1) }, (_value, i) => {
          const from = around?.[k]!.values[i] ?? 0;
          if (kind === 'I64') return around ? from + Math.floor(random() * 9) - 4 : Math.floor(random() * 2 ** 40);
          const value = from + (random() * 2 - 1) * spread;
          return kind === 'F32' ? Math.fround(value) : value;
        });
        return { name, kind, values };
      });
    const spec = completeStrategy(request);
    const first = draw();
    let plain: { model: PlainModel; state: PlainState | undefined } = { model: first, state: undefined };
    const rounds = Array.from({ length: ROUNDS }, () => {
      const updates = Array.from({ length: DEVICES }, () => draw(plain.model, random() < 0.1 ? 100 : random()));
      const counts = updates.map(() => (random() < 0.1 ? 2 ** 40 : 1 + Math.floor(random() * 99)));
      const losses = updates.map(() => 1e-6 + random() * 3);
      plain = plainRound(spec, plain.model, updates, counts, plain.state, losses);
      return { updates, counts, losses };
    });

    const training = await newTrainingOf(api, DEVICES, format.write(first));
    const { model, state, job } = await train(training, rounds, format, request);
    expect(model).toEqual(plain.model);
    const { m, v, t, norm } = plain.state!;
    const kept = [...m.map((tensor) => ({ ...tensor, name: `m/${tensor.name}` })), ...(spec.type === 'FedAvgM' ? [] : v.map((tensor) => ({ ...tensor, name: `v/${tensor.name}` })))];
    expect(state ?? []).toEqual(kept);
    const described = await describeExperiment(training);
    expect(job.aggregation_strategy).toEqual(spec);
    expect(described.server_state).toEqual(t === 0 && norm === undefined ? null : { t, size: expect.any(Number), sha256: expect.stringMatching(/^[0-9a-f]{64}$/), clipping_norm: norm ?? null });
  });
});
