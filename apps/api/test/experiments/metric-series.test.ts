import { seededRandom, testSeed } from '@vergeai/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, newExperiment, send, startApi, type TestApi } from '../support/api.js';
import { insertCompletedJobs } from '../support/completed-jobs.js';
import { cancelJob, drawnFor, getJob, jobWith, model, newJob, newTraining, submitUpdate } from '../support/training.js';
import { expectProblem, newPlace, type Place } from '../support/uploads.js';

describe.each(databases)('experiment/metric_series on %s', (database) => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi(database);
  });
  afterAll(() => api.close());

  const series = async ({ project, experiment }: Place, query = '') => {
    const reply = await send(api, 'GET', `/v1/experiment/metric_series/${project}/${experiment}?${query}`, { key: api.adminKey });
    expect(reply.status, reply.text).toBe(200);
    return { ...reply.body, bytes: Buffer.byteLength(reply.text) };
  };

  const newDevices = (count: number) => Array.from({ length: count }, () => api.ctx.newId()).sort();

  it('gives a column for everything, with gaps where a job made no model', async () => {
    const training = await newTraining(api, 2);
    const train = async (reports: ReadonlyArray<Record<string, unknown>>) => {
      const job = await newJob(api, training, { num_devices: reports.length });
      for (const [n, device] of drawnFor(training, await getJob(api, training, job)).entries()) await submitUpdate(api, training, job, device, model(n), reports[n]);
      await jobWith(api, training, job, 'COMPLETED');
      return { job, devices: drawnFor(training, await getJob(api, training, job)).map(({ id }) => id) };
    };
    const first = await train([{ num_examples: 10, metrics: { loss: 1, accuracy: 0.5 } }, { num_examples: 30, metrics: { loss: 2 } }]);
    const cancelled = await newJob(api, training);
    await cancelJob(api, training, cancelled);
    const third = await train([{ metrics: { loss: 0.25 } }]);
    const running = await newJob(api, training, { num_devices: 2 });
    await submitUpdate(api, training, running, training.devices[0]!, model(1), { metrics: { loss: 9 } });
    const expected = {
      sequence: [1, 2, 3, 4],
      job_id: [first.job, cancelled, third.job, running],
      status: ['COMPLETED', 'CANCELLED', 'COMPLETED', 'IN_PROGRESS'],
      kind: ['TRAIN', 'TRAIN', 'TRAIN', 'TRAIN'],
      ended_at: [expect.any(String), expect.any(String), expect.any(String), null],
      examples: [40, null, null, null],
      metrics: {
        accuracy: { mean: [0.5, null, null, null], min: [0.5, null, null, null], max: [0.5, null, null, null], p10: [0.5, null, null, null], p90: [0.5, null, null, null], count: [1, 0, 0, 0] },
        loss: { mean: [1.75, null, 0.25, null], min: [1, null, 0.25, null], max: [2, null, 0.25, null], p10: [1.1, null, 0.25, null], p90: [1.9, null, 0.25, null], count: [2, 0, 1, 0] },
      },
      devices: [],
      thinned: 1,
      names: ['accuracy', 'loss'],
    };
    const { bytes: _, ...all } = await series(training);
    expect(all).toEqual(expected);
    const valuesOf = (id: string) => [first.devices.indexOf(id) === 0 ? 1 : 2, null, third.devices.includes(id) ? 0.25 : null, null];
    const withDevices = await series(training, 'devices=all&names=loss');
    expect(withDevices.devices).toEqual(training.devices.map(({ id }) => id).sort().map((id) => ({ device_id: id, values: { loss: valuesOf(id) } })));
    expect(withDevices.metrics).toEqual({ loss: expected.metrics.loss });
    expect(withDevices.names).toEqual(expected.names);
    const one = third.devices[0]!;
    expect((await series(training, `devices=${one},${'f'.repeat(32)}`)).devices.map(({ device_id, values }: { device_id: string; values: Record<string, unknown> }) => [device_id, values['loss']])).toEqual([
      [one, valuesOf(one)],
      ['f'.repeat(32), [null, null, null, null]],
    ]);
    expect((await series(training, 'from=2&to=3')).job_id).toEqual([cancelled, third.job]);
    expect((await series(training, 'from=3&to=99')).sequence).toEqual([3, 4]);
    expect(await series(training, 'from=4&to=2')).toMatchObject({ sequence: [], metrics: {}, thinned: 1, names: [] });
    expect((await series(training, 'names=nothing')).metrics).toEqual({ nothing: expect.objectContaining({ mean: [null, null, null, null], count: [0, 0, 0, 0] }) });
  });

  it('says nothing of an experiment without jobs, and is refused what makes no sense', async () => {
    const { project } = await newPlace(api);
    const experiment = await newExperiment(api, project);
    expect(await series({ project, experiment }, 'devices=all')).toMatchObject({ sequence: [], job_id: [], status: [], ended_at: [], examples: [], metrics: {}, devices: [], thinned: 1, names: [] });
    for (const query of ['max_points=99', 'max_points=5001', 'from=0', 'to=x', 'devices=some', 'devices=', 'names=', `names=${Array.from({ length: 11 }, (_, n) => `m${n}`).join()}`])
      expect((await send(api, 'GET', `/v1/experiment/metric_series/${project}/${experiment}?${query}`, { key: api.adminKey })).status, query).toBe(400);
    expectProblem(await send(api, 'GET', `/v1/experiment/metric_series/${project}/${'f'.repeat(32)}`, { key: api.adminKey }), 404, 'experiment_not_found');
  });

  it('gives what a straightforward computation gives, of jobs that completed before summaries were kept, too, and the first six metrics unasked', async () => {
    const random = seededRandom(testSeed(`metric_series on ${database}`));
    const devices = newDevices(9);
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', '__proto__'];
    const jobs = Array.from({ length: 30 }, () => devices.map(() => ({ numExamples: Math.ceil(random() * 500), metrics: Object.fromEntries(names.filter(() => random() < 0.8).map((name) => [name, random() * 10 - 5])) })));
    const place = await newPlace(api);
    await insertCompletedJobs(api, place, devices, jobs, (job) => job % 3 > 0);
    const all = await series(place, 'devices=all');
    expect(all.names).toEqual([...names].sort());
    expect(Object.keys(all.metrics)).toEqual([...names].sort().slice(0, 6));
    for (const name of Object.keys(all.metrics)) {
      for (const [at, job] of jobs.entries()) {
        const reports = job.filter(({ metrics }) => Object.hasOwn(metrics, name));
        const weight = reports.reduce((sum, { numExamples }) => sum + numExamples, 0);
        const values = reports.map(({ metrics }) => metrics[name]!);
        expect(all.metrics[name].mean[at]).toBeCloseTo(reports.reduce((sum, { numExamples, metrics }) => sum + (numExamples / weight) * metrics[name]!, 0), 12);
        expect([all.metrics[name].min[at], all.metrics[name].max[at], all.metrics[name].count[at]]).toEqual([Math.min(...values), Math.max(...values), values.length]);
        for (const [d] of devices.entries()) {
          const shown = all.devices[d].values[name][at];
          if (Object.hasOwn(job[d]!.metrics, name)) expect(shown).toBeCloseTo(job[d]!.metrics[name]!, 7);
          else expect(shown).toBeNull();
        }
      }
    }
    expect(all.examples).toEqual(jobs.map((job) => job.reduce((sum, { numExamples }) => sum + numExamples, 0)));
  });

  it('of a thousand jobs with ten devices takes at most 300 KB, in whatever numbers', async () => {
    const random = seededRandom(testSeed(`a thousand jobs on ${database}`));
    const devices = newDevices(10);
    const jobs = Array.from({ length: 1000 }, () => devices.map(() => ({ numExamples: Math.ceil(random() * 10_000), metrics: { loss: random() } })));
    const place = await newPlace(api);
    await insertCompletedJobs(api, place, devices, jobs);
    const all = await series(place, 'devices=all');
    expect([all.sequence.length, all.devices.length, all.thinned]).toEqual([1000, 10, 1]);
    console.log(`1,000 jobs × 10 devices: ${all.bytes} bytes on ${database}`);
    expect(all.bytes).toBeLessThanOrEqual(300_000);
  });

  it('of more jobs than points keeps every outlier, the first and the last, and says how much is left out', async () => {
    const [devices, place] = [newDevices(3), await newPlace(api)];
    const jobs = Array.from({ length: 700 }, (_, n) => devices.map((_device, d) => ({ numExamples: 1, metrics: { loss: Math.sin(n / 40) + d / 100, rare: 1 } })));
    // A job that went wrong, and a single device of another that did: its mean hides it among the others.
    for (const report of jobs[123]!) report.metrics.loss = 50;
    jobs[456]![1]!.metrics.rare = -7;
    const ids = await insertCompletedJobs(api, place, devices, jobs);
    const thinned = await series(place, 'max_points=100&names=loss,rare&devices=all');
    expect(thinned.sequence).toEqual(expect.arrayContaining([1, 124, 457, 700]));
    expect(thinned.sequence).toEqual(thinned.sequence.toSorted((a: number, b: number) => a - b));
    expect(thinned.sequence.length).toBeLessThanOrEqual(100);
    expect(thinned.thinned).toBe(Math.ceil(700 / thinned.sequence.length));
    expect(thinned.metrics.loss.mean[thinned.sequence.indexOf(124)]).toBe(50);
    expect(thinned.metrics.rare.min[thinned.sequence.indexOf(457)]).toBe(-7);
    expect(thinned.devices[1].values.rare[thinned.sequence.indexOf(457)]).toBe(-7);
    expect(thinned.job_id).toEqual(thinned.sequence.map((sequence: number) => ids[sequence - 1]));
    for (const column of [thinned.status, thinned.ended_at, thinned.examples, ...Object.values(thinned.metrics.loss), thinned.devices[0].values.loss]) expect(column).toHaveLength(thinned.sequence.length);
    expect((await series(place, 'max_points=700')).thinned).toBe(1);
  });
});
