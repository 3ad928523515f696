import { seededRandom, testSeed } from '@vergeai/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, newExperiment, newProject, newUser, send, startApi, type TestApi } from '../support/api.js';
import { testClock } from '../support/clock.js';
import { insertCompletedJobs } from '../support/completed-jobs.js';
import { levels, newMember } from '../support/members.js';
import { cancelJob, drawnFor, getJob, jobWith, model, newJob, newTraining, submitUpdate, type Training } from '../support/training.js';
import { expectProblem } from '../support/uploads.js';

const SECOND_MS = 1000;

describe.each(databases)('project/compare on %s', (database) => {
  let api: TestApi;
  const clock = testClock();
  beforeAll(async () => {
    api = await startApi(database, {}, { clock });
  });
  afterAll(() => api.close());

  const ask = (project: string, ids: readonly string[], { query = '', key = api.adminKey } = {}) => send(api, 'GET', `/v1/project/compare/${project}?experiment_ids=${ids.join()}${query}`, { key });
  const comparison = async (project: string, ids: readonly string[], query = '') => {
    const { status, body, text } = await ask(project, ids, { query });
    expect(status, text).toBe(200);
    return body;
  };
  const create = async (project: string, more: object = {}): Promise<string> => (await send(api, 'POST', '/v1/experiment/create', { key: api.adminKey, json: { project_id: project, ...more } })).body.ID;
  const newDevices = (count: number) => Array.from({ length: count }, () => api.ctx.newId());
  const twoOf = async () => {
    const project = await newProject(api);
    return { project, ids: [await newExperiment(api, project), await newExperiment(api, project)] };
  };

  it('shows experiments as they were asked for, with the jobs that completed as columns', async () => {
    const training = await newTraining(api, 2);
    const { project, experiment } = training;
    const train = async (reports: ReadonlyArray<Record<string, unknown>>) => {
      const job = await newJob(api, training, { num_devices: reports.length });
      await clock.advance(10 * SECOND_MS);
      for (const [n, device] of drawnFor(training, await getJob(api, training, job)).entries()) await submitUpdate(api, training, job, device, model(n), reports[n]);
      await jobWith(api, training, job, 'COMPLETED');
    };
    await train([{ num_examples: 10, metrics: { loss: 1, accuracy: 0.5 } }, { num_examples: 30, metrics: { loss: 2 } }]);
    await cancelJob(api, training, await newJob(api, training));
    await train([{ metrics: { loss: 0.25 } }]);
    await train([{ num_examples: 5, metrics: { loss: 0.125 } }]);
    await submitUpdate(api, training, await newJob(api, training, { num_devices: 2 }), training.devices[0]!, model(1), { metrics: { loss: 9 } });
    const other = await create(project, { experiment_name: 'Größe', hyperparameters: { lr: 0.1 } });
    const { experiments, differing, names } = await comparison(project, [other, experiment]);
    expect(experiments[0]).toEqual({ experiment_id: other, name: 'Größe', hyperparameters: { lr: 0.1 }, sequence: [], ended_at: [], elapsed_sec: [], examples_seen: [], mean: { accuracy: [], loss: [] }, thinned: 1 });
    expect(experiments[1]).toMatchObject({
      experiment_id: experiment,
      sequence: [1, 3, 4],
      elapsed_sec: [10, 20, 30],
      examples_seen: [40, 40, 45],
      mean: { accuracy: [0.5, null, null], loss: [1.75, 0.25, 0.125] },
      thinned: 1,
    });
    const ended = (experiments[1].ended_at as string[]).map(Date.parse);
    expect(ended.map((at) => at - ended[0]!)).toEqual([0, 10 * SECOND_MS, 20 * SECOND_MS]);
    expect(names).toEqual(['accuracy', 'loss']);
    expect(differing).toEqual(['lr']);
    expect((await comparison(project, [other, experiment], '&names=loss')).experiments[1].mean).toEqual({ loss: [1.75, 0.25, 0.125] });
    expect((await comparison(project, [other, experiment], '&names=none')).experiments[1].mean).toEqual({ none: [null, null, null] });
  });

  it('says where hyperparameters differ, and gives them letter for letter', async () => {
    const project = await newProject(api);
    const written = ['{"lr":1.0,"seed":9007199254740993,"optimizer":{"name":"sgd"}}', '{"seed":9007199254740992,"lr":1,"optimizer":{"name":"adam"}}', '{"lr":1e0,"seed":9007199254740993,"optimizer":{"name":"sgd"},"note":null}'];
    const ids: string[] = [];
    for (const hyperparameters of written) {
      const reply = await send(api, 'POST', '/v1/experiment/create', { key: api.adminKey, body: `{"project_id":"${project}","hyperparameters":${hyperparameters}}`, headers: { 'Content-Type': 'application/json' } });
      ids.push(reply.body.ID);
    }
    const reply = await ask(project, ids);
    expect(reply.body.differing).toEqual(['seed', 'optimizer.name', 'note']);
    for (const hyperparameters of written) expect(reply.text).toContain(`"hyperparameters":${hyperparameters}`);
  });

  it('shows the first six metrics of all of them unasked, and knows the others by name', async () => {
    const { project, ids } = await twoOf();
    const reports = (names: string) => [[{ numExamples: 1, metrics: Object.fromEntries([...names].map((name) => [name, 1])) }]];
    await insertCompletedJobs(api, { project, experiment: ids[0]! }, newDevices(1), reports('acegi'));
    await insertCompletedJobs(api, { project, experiment: ids[1]! }, newDevices(1), reports('bdfh'));
    const { experiments, names } = await comparison(project, ids);
    expect(names).toEqual([...'abcdefghi']);
    expect(experiments[0].mean).toEqual({ a: [1], b: [null], c: [1], d: [null], e: [1], f: [null] });
    expect(experiments[1].mean).toEqual({ a: [null], b: [1], c: [null], d: [1], e: [null], f: [1] });
  });

  it('of more jobs than points keeps every outlier, and counts the examples of those that are left out', async () => {
    const random = seededRandom(testSeed(`project/compare on ${database}`));
    const { project, ids } = await twoOf();
    const jobs = Array.from({ length: 700 }, () => [{ numExamples: Math.ceil(random() * 100), metrics: { loss: random() } }]);
    jobs[123]![0]!.metrics.loss = 50;
    for (const experiment of ids) await insertCompletedJobs(api, { project, experiment }, newDevices(1), jobs);
    const { experiments } = await comparison(project, ids, '&names=loss&max_points=100');
    let seen = 0;
    const seenAfter = jobs.map(([report]) => (seen += report!.numExamples));
    for (const { sequence, mean, examples_seen, thinned } of experiments) {
      expect(sequence).toEqual(expect.arrayContaining([1, 124, 700]));
      expect(sequence.length).toBeLessThanOrEqual(100);
      expect(thinned).toBe(Math.ceil(700 / sequence.length));
      expect(mean.loss).toEqual(sequence.map((number: number) => jobs[number - 1]![0]!.metrics.loss));
      expect(examples_seen).toEqual(sequence.map((number: number) => seenAfter[number - 1]));
    }
    expect((await comparison(project, ids)).experiments.map(({ thinned }: { thinned: number }) => thinned)).toEqual([1, 1]);
  });

  it('is for everybody who may read the project, and for experiments of that project alone', async () => {
    const { project, ids } = await twoOf();
    const reader = await newMember(api, project, levels.READ_ONLY);
    expect((await ask(project, ids, { key: reader.key })).status).toBe(200);
    expectProblem(await ask(project, ids, { key: (await newUser(api)).key }), 404, 'project_not_found');
    const elsewhere = await twoOf();
    expectProblem(await ask(project, [ids[0]!, elsewhere.ids[0]!]), 404, 'experiment_not_found');
    expectProblem(await ask(project, [...ids, 'f'.repeat(32)]), 404, 'experiment_not_found');
    const training: Training = await newTraining(api, 1);
    expectProblem(await ask(training.project, ids, { key: training.devices[0]!.key }), 403, 'user_key_required');
  });

  it('takes two to twenty, none of them twice', async () => {
    const project = await newProject(api);
    const ids = await Promise.all(Array.from({ length: 20 }, () => create(project)));
    expect((await comparison(project, ids)).experiments.map((shown: { experiment_id: string }) => shown.experiment_id)).toEqual(ids);
    for (const [wrong, query] of [[ids.slice(0, 1)], [[]], [[ids[0]!, ids[0]!]], [[...ids, 'f'.repeat(32)]], [['x', ids[0]!]], [ids, '&max_points=99'], [ids, '&names=']] as [string[], string?][]) expectProblem(await ask(project, wrong, { query }), 400, 'invalid_request');
  });
});
