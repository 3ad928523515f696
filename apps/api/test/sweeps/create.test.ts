import { eventually, testSeed } from '@vergeai/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { databases, newExperiment, newProject, send, startApi, type TestApi } from '../support/api.js';
import { allFaults } from '../support/experiment-log.js';
import { snapshot } from '../support/rows.js';
import { createSweep, describeSweep, memberAt, newSweep } from '../support/sweeping.js';
import { eventsOf, getExperiment, jobWith, model, newJob, newTraining, submitUpdate } from '../support/training.js';
import { expectProblem } from '../support/uploads.js';

describe.each(databases)('sweep/create on %s', (database) => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi(database);
  });
  afterEach(async () => expect(await allFaults(api)).toEqual([]));
  afterAll(() => api.close());

  const big = JSON.stringify({ rate: 1, note: 'x'.repeat(20_000) });
  const withHyperparameters = async (hyperparameters: string, numDevices = 1) => {
    const training = await newTraining(api, numDevices);
    await send(api, 'POST', '/v1/experiment/update', { key: api.adminKey, body: `{"project_id":"${training.project}","experiment_id":"${training.experiment}","hyperparameters":${hyperparameters}}`, headers: { 'Content-Type': 'application/json' } });
    return training;
  };
  const textOf = async (project: string, experiment: string) => /"hyperparameters":(.*?),"current_job"/.exec((await send(api, 'GET', `/v1/experiment/get/${project}/${experiment}`, { key: api.adminKey })).text)![1];

  /** Until the first job of each fork runs. */
  const started = (project: string) => eventually('every fork has begun', async () => (await api.ctx.db.prisma.experiment.count({ where: { projectId: project, isActive: true, currentJobId: null } })) === 0);

  it('forks the current model for every combination, merged letter for letter into what the experiment has, each with jobs of its own', async () => {
    const training = await withHyperparameters('{"seed":9007199254740993,"lr":1,"optimizer":{"name":"sgd","decay":1.0}}', 2);
    const trained = await newJob(api, training);
    for (const device of training.devices) await submitUpdate(api, training, trained, device, model(5));
    await jobWith(api, training, trained, 'COMPLETED');
    const before = await getExperiment(api, training);

    const reply = await send(api, 'POST', '/v1/sweep/create', {
      key: api.adminKey,
      body: `{"project_id":"${training.project}","experiment_id":"${training.experiment}","sweep_name":"Rates","hyperparameters":{"lr":{"values":[1.0,1e-3]},"optimizer.name":{"values":["sgd","adam",null]},"layers":{"values":[[64, 32]]}},
        "method":"grid","num_jobs":3,"job":{"num_devices":2,"termination_criteria":[{"type":"DurationTerminationCriteria","max_duration_sec":600}]},"metric":"loss","mode":"min"}`,
      headers: { 'Content-Type': 'application/json' },
    });
    expect(reply.status, reply.text).toBe(200);
    const { sweep_id, seed, members } = reply.body;
    await started(training.project);
    expect(seed).toBeNull();
    expect(members).toHaveLength(6);
    const combinations = ['1.0', '1e-3'].flatMap((lr) => ['"sgd"', '"adam"', 'null'].map((name) => [lr, name]));
    for (const [at, [lr, name]] of combinations.entries()) {
      expect(reply.text).toContain(`"hyperparameters":{"lr":${lr},"optimizer.name":${name},"layers":[64,32]}`);
      const { experiment_id } = members[at];
      expect(await textOf(training.project, experiment_id)).toBe(`{"seed":9007199254740993,"lr":${lr},"optimizer":{"name":${name},"decay":1.0},"layers":[64,32]}`);
      const fork = { ...training, experiment: experiment_id as string };
      const { body } = await send(api, 'GET', `/v1/experiment/describe/${training.project}/${experiment_id}`, { key: api.adminKey });
      expect(body).toMatchObject({ name: `Rates: lr=${lr}, optimizer.name=${name}, layers=[64,32]`, forked_from: training.experiment, keep_best: { metric: 'loss', mode: 'min' }, series: [{ series_id: members[at].series_id, num_jobs: 3, status: 'running' }] });
      expect(body.start_model.sha256).toBe((await send(api, 'GET', `/v1/experiment/describe/${training.project}/${training.experiment}`, { key: api.adminKey })).body.current_model.sha256);
      expect((await eventsOf(api, fork)).map(({ type }) => type)).toEqual(['experiment_forked', 'series_created', 'job_initialized', 'job_initialized', 'job_initialized', 'job_in_progress']);
      expect((await eventsOf(api, fork))[0]!.data).toMatchObject({ from_experiment: training.experiment, from: 'current', sweep_id });
    }
    expect((await eventsOf(api, training)).at(-1)).toMatchObject({ type: 'sweep_created', data: { sweep_id, num_members: 6, num_jobs: 3 } });
    expect(await getExperiment(api, training)).toEqual(before);
    expect(await describeSweep(api, training, sweep_id)).toMatchObject({ sweep_id, name: 'Rates', experiment_id: training.experiment, method: 'grid', seed: null, status: 'RUNNING', num_members: 6, num_jobs: 3, metric: 'loss', mode: 'min', job: { num_devices: 2, num_buffer_devices: 0, device_timeout_sec: 60, device_ids: null, aggregation_strategy: null, stop_when: null } });
  });

  it('draws the same for the same seed, within its bounds, and tells the seed that it drew itself', async () => {
    const training = await newTraining(api, 1);
    const space = { method: 'random', hyperparameters: { lr: { min: 0.0001, max: 0.1, scale: 'log' }, momentum: { min: -1, max: 1 }, batch: { values: [16, 32] } }, num_jobs: 1 };
    const seed = testSeed(`random sweeps on ${database}`) % 2 ** 31;
    const drawn = async (more: object) => {
      const made = await newSweep(api, training, { ...space, ...more });
      const chosen = made.members.map(({ hyperparameters }) => hyperparameters as { lr: number; momentum: number; batch: number });
      for (const { lr, momentum, batch } of chosen) {
        expect(lr >= 0.0001 && lr <= 0.1 && momentum >= -1 && momentum <= 1).toBe(true);
        expect([16, 32]).toContain(batch);
      }
      return { seed: made.seed!, chosen };
    };
    const first = await drawn({ count: 6, seed });
    expect(first.seed).toBe(seed);
    expect(await drawn({ count: 6, seed })).toEqual(first);
    expect((await drawn({ count: 9, seed })).chosen.slice(0, 6)).toEqual(first.chosen);
    const own = await drawn({ count: 6 });
    expect(await drawn({ count: 6, seed: own.seed })).toEqual(own);
    expect(own.chosen).not.toEqual(first.chosen);
  });

  it('passes on how jobs are configured, the stop rule, too', async () => {
    const training = await newTraining(api, 2);
    const stop_when = { metric: 'accuracy', mode: 'max', threshold: 0.9 };
    const termination_criteria = [{ type: 'DurationTerminationCriteria', max_duration_sec: 600 }];
    const job = { num_devices: 1, num_buffer_devices: 0, min_devices: 1, termination_criteria, device_ids: [training.devices[1]!.id], device_timeout_sec: 5, aggregation_strategy: { type: 'FedAdam', tau: 0.1 }, stop_when };
    const sweep = await newSweep(api, training, { job });
    expect((await describeSweep(api, training, sweep.sweep_id)).job).toMatchObject({ num_devices: 1, min_devices: 1, termination_criteria, device_ids: job.device_ids, device_timeout_sec: 5, aggregation_strategy: { type: 'FedAdam', tau: 0.1 }, stop_when: { ...stop_when, patience: null, min_delta: 0 } });
    const fork = memberAt(training, sweep, 1);
    const [first] = (await getExperiment(api, fork)).jobs as string[];
    expect((await send(api, 'GET', `/v1/job/describe/${fork.project}/${first}`, { key: api.adminKey })).body).toMatchObject({ min_devices: 1, device_ids: job.device_ids, device_timeout_sec: 5, aggregation_strategy: { type: 'FedAdam' } });
  });

  it('made twice under one Idempotency-Key is one sweep with one answer', async () => {
    const training = await newTraining(api, 1);
    const headers = { 'Idempotency-Key': 'once' };
    const random = { method: 'random', count: 3, hyperparameters: { lr: { min: 0, max: 1 } } };
    const [one, other] = [await createSweep(api, training, random, { headers }), await createSweep(api, training, random, { headers })];
    expect(one.status).toBe(200);
    expect(other.text).toBe(one.text);
    expect((await send(api, 'GET', `/v1/sweep/list/${training.project}`, { key: api.adminKey })).body.data).toHaveLength(1);
    expect(await api.ctx.db.prisma.experiment.count({ where: { projectId: training.project } })).toBe(4);
    await started(training.project);
  });

  const values = (count: number) => ({ values: Array.from({ length: count }, (_, at) => at) });
  it.each([
    ['no hyperparameters', { hyperparameters: {} }, '/body/hyperparameters'],
    ['a hyperparameter of no form', { hyperparameters: { lr: 3 } }, '/body/hyperparameters/lr'],
    ['no values', { hyperparameters: { lr: { values: [] } } }, '/body/hyperparameters/lr/values'],
    ['a value twice', { hyperparameters: { lr: { values: [1, 1] } } }, '/body/hyperparameters/lr/values'],
    ['values and bounds', { hyperparameters: { lr: { values: [1], min: 0, max: 1 } } }, '/body/hyperparameters/lr'],
    ['one bound', { method: 'random', count: 2, hyperparameters: { lr: { min: 1 } } }, '/body/hyperparameters/lr/max'],
    ['bounds that are none', { method: 'random', count: 2, hyperparameters: { lr: { min: 1, max: 1 } } }, '/body/hyperparameters/lr/max'],
    ['a logarithm of nothing', { method: 'random', count: 2, hyperparameters: { lr: { min: 0, max: 1, scale: 'log' } } }, '/body/hyperparameters/lr/min'],
    ['a path with a hole', { hyperparameters: { 'optimizer..lr': { values: [1] } } }, '/body/hyperparameters/optimizer..lr'],
    ['a grid of numbers between bounds', { hyperparameters: { 'a/b': { min: 0, max: 1 } } }, '/body/hyperparameters/a~1b'],
    ['a grid with a count', { count: 3 }, '/body/count'],
    ['a grid with a seed', { seed: 3 }, '/body/seed'],
    ['a draw without a count', { method: 'random' }, '/body/count'],
    ['257 combinations', { num_jobs: 1, hyperparameters: { a: values(257) } }, '/body/hyperparameters/a/values'],
    ['260 combinations', { num_jobs: 1, hyperparameters: { a: values(26), b: values(10) } }, '/body/hyperparameters'],
    ['257 at random', { method: 'random', count: 257 }, '/body/count'],
    ['1,281 jobs', { num_jobs: 7, hyperparameters: { a: values(183) } }, '/body/num_jobs'],
    ['200,001 devices', { num_jobs: 100, hyperparameters: { a: values(2) }, job: { num_devices: 1001 } }, '/body/num_jobs'],
    ['ids in the job', { job: { num_devices: 1, project_id: 'f'.repeat(32) } }, '/body/job'],
    ['no number of devices', { job: {} }, '/body/job/num_devices'],
    ['a number that is enough without a time', { job: { num_devices: 2, min_devices: 1 } }, '/body/job/min_devices'],
    ['text that cannot be kept', { hyperparameters: { lr: { values: ['\0'] } } }, '/body/hyperparameters/lr/values/0'],
    ['more than 64 KiB', { hyperparameters: { lr: { values: ['x'.repeat(70_000)] } } }, '/body/hyperparameters'],
    ['more than 64 KiB together with what is there', { hyperparameters: Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`${'p'.repeat(190)}${at}`, { values: ['x'.repeat(1000 * (1 + (at % 2)))] }])) }, '/body/hyperparameters'],
    ['a path within another one', { hyperparameters: { lr: { values: [1] }, 'lr.a': { values: [1] } } }, '/body/hyperparameters/lr.a'],
    ['a parent value that is no object', { hyperparameters: { 'rate.a': { values: [1] } } }, '/body/hyperparameters/rate.a'],
  ] as [string, Record<string, unknown>, string][])('refuses %s, says where, and makes nothing', async (_what, more, at) => {
    const training = await withHyperparameters(big);
    const before = await snapshot(api);
    const reply = await createSweep(api, training, more);
    expectProblem(reply, 400, 'invalid_request');
    expect(reply.body.errors.map(({ path }: { path: string }) => path)).toContain(at);
    expect(await snapshot(api)).toEqual(before);
  });

  it('refuses what a series would be refused for, and makes nothing', async () => {
    const training = await newTraining(api, 1);
    const empty = { ...training, experiment: await newExperiment(api, training.project) };
    const before = await snapshot(api);
    expectProblem(await createSweep(api, empty), 400, 'start_model_missing');
    expectProblem(await createSweep(api, training, { job: { num_devices: 2 } }), 400, 'not_enough_devices');
    expectProblem(await createSweep(api, training, { job: { num_devices: 1, device_ids: ['f'.repeat(32)] } }), 400, 'unknown_devices');
    expectProblem(await createSweep(api, training, { job: { num_devices: 1, aggregation_strategy: { type: 'Krum', num_malicious: 1 } } }), 400, 'strategy_needs_more_devices');
    expectProblem(await createSweep(api, { ...training, experiment: 'f'.repeat(32) }), 404, 'experiment_not_found');
    expectProblem(await createSweep(api, { ...training, project: await newProject(api) }), 404, 'experiment_not_found');
    expect((await snapshot(api)).sweep).toEqual(before.sweep);
    expect((await snapshot(api)).experiment).toEqual(before.experiment);
  });

  it('makes 64 forks of five jobs in one go, and cancels them in another', { timeout: 60_000 }, async () => {
    const training = await newTraining(api, 3);
    const began = performance.now();
    const { body: sweep, text } = await createSweep(api, training, { hyperparameters: { a: values(64) }, num_jobs: 5, job: { num_devices: 2 } });
    const made = performance.now();
    expect(sweep.members, text).toHaveLength(64);
    await started(training.project);
    const begun = performance.now();
    const { body } = await send(api, 'POST', '/v1/sweep/cancel', { key: api.adminKey, json: { project_id: training.project, sweep_id: sweep.sweep_id } });
    console.log(`${database}: made in ${Math.round(made - began)} ms, started ${Math.round(begun - made)} ms later, cancelled in ${Math.round(performance.now() - begun)} ms`);
    expect(body).toEqual({ status: 'CANCELLED', num_cancelled: 320 });
  });
});
