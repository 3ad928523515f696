import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, newExperiment, newProject, send, startApi, type TestApi } from '../support/api.js';
import { createJob, createSeries, drawnFor, eventsOf, getExperiment, getJob, jobWith, model, newJob, newTraining, nextJob, retryJob, submitUpdate, cancelJob, type Training } from '../support/training.js';

describe.each(databases)('an aggregation strategy that is asked for on %s', (database) => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi(database);
  });
  afterAll(() => api.close());

  const post = (path: string, json: Record<string, unknown>) => send(api, 'POST', path, { key: api.adminKey, json });
  const describeExperiment = async ({ project, experiment }: Training) => (await send(api, 'GET', `/v1/experiment/describe/${project}/${experiment}`, { key: api.adminKey })).body;
  const describeJob = async ({ project }: Training, job: string) => (await send(api, 'GET', `/v1/job/describe/${project}/${job}`, { key: api.adminKey })).body;
  const update = ({ project, experiment }: Training, json: Record<string, unknown>) => post('/v1/experiment/update', { project_id: project, experiment_id: experiment, ...json });
  const fork = async ({ project, experiment, devices }: Training, json: Record<string, unknown>): Promise<Training> => {
    const { body, text } = await post('/v1/experiment/fork', { project_id: project, experiment_id: experiment, ...json });
    if (!body?.ID) throw new Error(text);
    return { project, experiment: body.ID as string, devices };
  };

  /** One job in which every device sends a model of its own number; gives the job. */
  async function round(training: Training, values: readonly number[], more: Record<string, unknown> = {}): Promise<string> {
    const job = await newJob(api, training, { num_devices: values.length, ...more });
    const devices = drawnFor(training, await getJob(api, training, job)).toSorted((a, b) => (a.id < b.id ? -1 : 1));
    for (const [at, value] of values.entries()) await submitUpdate(api, training, job, devices[at]!, model(value), { num_examples: at + 1 });
    await jobWith(api, training, job, 'COMPLETED');
    return job;
  }

  it('is the experiment\'s for each of its jobs, unless a job has its own', async () => {
    const training = await newTraining(api, 3);
    expect((await describeExperiment(training)).aggregation_strategy).toEqual({ type: 'FedAvg', weighting: 'examples' });
    expect((await update(training, { aggregation_strategy: 'FedMedian' })).status).toBe(200);
    expect((await describeExperiment(training)).aggregation_strategy).toEqual({ type: 'FedMedian' });
    await round(training, [1, 2, 9]);
    const own = await round(training, [0, 4, 8], { aggregation_strategy: { type: 'FedAvg', weighting: 'uniform' } });
    const { jobs } = await describeExperiment(training);
    expect(jobs.data).toMatchObject([{ aggregation_strategy: { type: 'FedAvg', weighting: 'uniform' } }, { aggregation_strategy: { type: 'FedMedian' } }]);
    expect((await describeJob(training, own)).aggregation_strategy).toEqual({ type: 'FedAvg', weighting: 'uniform' });
  });

  it('is an experiment\'s from the beginning, and leaves the documented objects as they are', async () => {
    const project = await newProject(api);
    const { body } = await post('/v1/experiment/create', { project_id: project, aggregation_strategy: { type: 'FedAdam', server_learning_rate: 0.03 } });
    expect(Object.keys(body as object)).toEqual(['ID', 'jobs', 'hyperparameters', 'current_job', 'start_model', 'current_model', 'is_active']);
    expect((await describeExperiment({ project, experiment: body.ID as string, devices: [] })).aggregation_strategy).toMatchObject({ type: 'FedAdam', server_learning_rate: 0.03, beta_1: 0.9, tau: 0.001 });
  });

  it('is fixed once a job exists, while a job may still have its own', async () => {
    const training = await newTraining(api, 3);
    await round(training, [1]);
    expect(await update(training, { aggregation_strategy: 'FedAdam' })).toMatchObject({ status: 400, body: { code: 'strategy_fixed' } });
    expect((await update(training, { tags: ['free'] })).status).toBe(200);
    await round(training, [1, 2, 3], { aggregation_strategy: 'FedMedian' });
  });

  it('is kept by a retry, and by a fork that does not say otherwise', async () => {
    const training = await newTraining(api, 3);
    await update(training, { aggregation_strategy: 'FedMedian' });
    const job = await newJob(api, training, { num_devices: 3, aggregation_strategy: { type: 'Krum', num_malicious: 0 } });
    await cancelJob(api, training, job);
    const retried = (await retryJob(api, training, job)).body.ID as string;
    expect((await describeJob(training, retried)).aggregation_strategy).toEqual({ type: 'Krum', num_malicious: 0 });
    expect((await describeExperiment(await fork(training, {}))).aggregation_strategy).toEqual({ type: 'FedMedian' });
    expect((await describeExperiment(await fork(training, { aggregation_strategy: 'FedAvgM' }))).aggregation_strategy).toMatchObject({ type: 'FedAvgM' });
  });

  it.each([
    ['an unknown name', 'FedBest', '/body/aggregation_strategy'],
    ['an unknown type', { type: 'FedBest' }, '/body/aggregation_strategy/type'],
    ['a name that needs more said', 'Krum', '/body/aggregation_strategy'],
    ['an unknown key', { type: 'FedAdam', learning_rate: 1 }, '/body/aggregation_strategy'],
    ['a rate of 0', { type: 'FedAdam', server_learning_rate: 0 }, '/body/aggregation_strategy/server_learning_rate'],
    ['a β of 1', { type: 'FedAvgM', server_momentum: 1 }, '/body/aggregation_strategy/server_momentum'],
    ['both ways to trim', { type: 'FedTrimmedAvg', num_trimmed: 1, trim_fraction: 0.1 }, '/body/aggregation_strategy/num_trimmed'],
    ['a half that is trimmed', { type: 'FedTrimmedAvg', trim_fraction: 0.5 }, '/body/aggregation_strategy/trim_fraction'],
    ['weights for a median', { type: 'FedMedian', weighting: 'examples' }, '/body/aggregation_strategy'],
    ['a cap of 0', { type: 'FedAvg', weighting: { cap: 0 } }, '/body/aggregation_strategy/weighting/cap'],
    ['noise without clipping', { type: 'FedAvg', noise: { noise_multiplier: 1 } }, '/body/aggregation_strategy/clipping'],
    ['noise with weights', { type: 'FedAvg', weighting: 'examples', clipping: { type: 'fixed', norm: 1 }, noise: { noise_multiplier: 1 } }, '/body/aggregation_strategy/weighting'],
    ['noise in a median', { type: 'FedAdam', combine: { type: 'FedMedian' }, clipping: { type: 'fixed', norm: 1 }, noise: { noise_multiplier: 1 } }, '/body/aggregation_strategy/combine'],
    ['a norm below 0', { type: 'FedAvg', clipping: { type: 'fixed', norm: -1 } }, '/body/aggregation_strategy/clipping/norm'],
    ['a pattern too long', { type: 'FedAvgM', exclude: ['x'.repeat(201)] }, '/body/aggregation_strategy/exclude/0'],
    ['q-FedAvg without the rate of devices', { type: 'QFedAvg' }, '/body/aggregation_strategy/device_learning_rate'],
    ['noise in q-FedAvg', { type: 'QFedAvg', device_learning_rate: 1, clipping: { type: 'fixed', norm: 1 }, noise: { noise_multiplier: 1 } }, '/body/aggregation_strategy'],
    ['a rule that is none', { type: 'FedAvg', combine: { type: 'FedAdam' } }, '/body/aggregation_strategy/combine/type'],
  ])('is refused with a pointer for %s, wherever it is asked for', async (_, strategy, pointer) => {
    const project = await newProject(api);
    const experiment = await newExperiment(api, project);
    const at = { project_id: project, experiment_id: experiment, aggregation_strategy: strategy };
    const requests: [string, Record<string, unknown>][] = [
      ['/v1/experiment/create', { project_id: project, aggregation_strategy: strategy }],
      ['/v1/experiment/fork', at],
      ['/v1/experiment/update', at],
      ['/v1/job/create', { ...at, num_devices: 1 }],
      ['/v1/job/create_series', { ...at, num_devices: 1, count: 2 }],
    ];
    for (const [path, json] of requests) {
      const { status, body } = await post(path, json);
      expect([path, status, body.code, body.errors[0].path]).toEqual([path, 400, 'invalid_request', pointer]);
    }
  });

  it.each([
    [{ type: 'Krum', num_malicious: 1 }, 4, 5],
    [{ type: 'MultiKrum', num_malicious: 0, num_selected: 4 }, 3, 4],
    [{ type: 'FedTrimmedAvg', num_trimmed: 1 }, 2, 3],
    [{ type: 'Bulyan', num_malicious: 0 }, 2, 3],
    [{ type: 'FedAvg', combine: { type: 'Krum', num_malicious: 0 } }, 2, 3],
  ])('%j is refused when a job of %i devices is created, and taken with %i', async (strategy, tooFew, enough) => {
    const training = await newTraining(api, enough);
    const refused = await createJob(api, training, { num_devices: tooFew, aggregation_strategy: strategy });
    expect(refused).toMatchObject({ status: 400, body: { code: 'strategy_needs_more_devices' } });
    expect(refused.body.detail).toContain(`not ${tooFew}`);
    expect(await createSeries(api, training, 2, { num_devices: tooFew, aggregation_strategy: strategy })).toMatchObject({ status: 400, body: { code: 'strategy_needs_more_devices' } });
    expect((await getExperiment(api, training)).jobs).toEqual([]);
    await newJob(api, training, { num_devices: enough, aggregation_strategy: strategy });
  });

  it('that compares updates is refused for so many devices that it would never end', async () => {
    const training = await newTraining(api, 1);
    expect(await createJob(api, training, { num_devices: 257, aggregation_strategy: { type: 'Krum', num_malicious: 1 } })).toMatchObject({ status: 400, body: { code: 'strategy_too_many_devices' } });
    expect(await createJob(api, training, { num_devices: 1001, aggregation_strategy: 'FedMedian' })).toMatchObject({ status: 400, body: { code: 'strategy_too_many_devices' } });
  });

  it('tells of each update what became of it, so that an attacker is seen', async () => {
    const training = await newTraining(api, 5);
    await round(training, [1, 2, 3, 4, 1000], { aggregation_strategy: { type: 'MultiKrum', num_malicious: 1, clipping: { type: 'fixed', norm: 50 } } });
    const [job] = (await describeExperiment(training)).jobs.data;
    const byId = (job.devices as { device_id: string; aggregation: unknown }[]).toSorted((a, b) => (a.device_id < b.device_id ? -1 : 1)).map(({ aggregation }) => aggregation);
    const norm = (value: number) => Math.sqrt(3 * value * value);
    expect(byId).toEqual([
      ...[1, 2, 3].map((value) => ({ coefficient: value > 1 ? 0.5 : 0, selected: value > 1, update_norm: expect.closeTo(norm(value), 10), clipped: false })),
      { coefficient: 0, selected: false, update_norm: expect.closeTo(norm(4), 10), clipped: false },
      { coefficient: 0, selected: false, update_norm: expect.closeTo(norm(1000), 8), clipped: true },
    ]);
    const changed = (await eventsOf(api, training)).find(({ type }) => type === 'current_model_changed');
    expect(changed!.data).toMatchObject({ by: 'aggregation', strategy: 'MultiKrum', selected: 2, clipped: 1, clipping_norm: 50 });
  });

  it('FedProx tells devices how strongly they are held, and others tell nothing', async () => {
    const training = await newTraining(api, 1);
    await newJob(api, training, { aggregation_strategy: { type: 'FedProx', proximal_mu: 0.3 } });
    const { body } = await nextJob(api, training, training.devices[0]!);
    expect(body.training).toEqual({ proximal_mu: 0.3 });
    await cancelJob(api, training, body.job_id as string);
    await newJob(api, training);
    expect((await nextJob(api, training, training.devices[0]!)).body).not.toHaveProperty('training');
  });

  it('q-FedAvg asks devices for their loss of the given model, takes no update without it, and takes it once it is there', async () => {
    const training = await newTraining(api, 2);
    const job = await newJob(api, training, { num_devices: 2, aggregation_strategy: { type: 'QFedAvg', device_learning_rate: 0.1, q: 1, loss_metric: 'start_loss' } });
    const [one, two] = drawnFor(training, await getJob(api, training, job));
    expect((await nextJob(api, training, one!)).body.training).toEqual({ required_metrics: ['start_loss'] });
    for (const metrics of [undefined, {}, { loss: 1 }, { start_loss: 0 }, { start_loss: -1 }]) {
      const refused = await submitUpdate(api, training, job, one!, model(1), metrics && { metrics });
      expect(refused).toMatchObject({ status: 400, body: { code: 'metric_required', detail: expect.stringContaining('"start_loss"') } });
      const ticket = await send(api, 'POST', '/v1/device/submit_model_update', { key: one!.key, json: { project_id: training.project, job_id: job, metrics } });
      expect(ticket).toMatchObject({ status: 400, body: { code: 'metric_required' } });
    }
    expect((await submitUpdate(api, training, job, one!, model(1), { metrics: { start_loss: 3 } })).status).toBe(204);
    // The same once more, not knowing that it arrived.
    expect((await submitUpdate(api, training, job, one!, model(1))).status).toBe(204);
    expect((await submitUpdate(api, training, job, two!, model(-1), { metrics: { start_loss: 1 } })).status).toBe(204);
    await jobWith(api, training, job, 'COMPLETED');
    const [described] = (await describeExperiment(training)).jobs.data;
    const coefficientOf = (id: string) => (described.devices as { device_id: string; aggregation: { coefficient: number } }[]).find(({ device_id }) => device_id === id)!.aggregation.coefficient;
    expect(coefficientOf(one!.id) / coefficientOf(two!.id)).toBeCloseTo(3, 6);
  });

  it('goes on with its state in a fork as the parent would have, and begins anew from the start or with another type', async () => {
    const training = await newTraining(api, 2);
    await update(training, { aggregation_strategy: 'FedAdam' });
    await round(training, [1, 2]);
    await round(training, [3, 1]);
    const same = await fork(training, { from: 'current' });
    const anew = await fork(training, { from: 'start' });
    const other = await fork(training, { from: 'current', aggregation_strategy: 'FedYogi' });
    const forked = async (of: Training) => (await eventsOf(api, of))[0]!.data;
    expect(await forked(same)).toMatchObject({ server_state: 'inherited' });
    expect(await forked(anew)).toMatchObject({ server_state: 'fresh' });
    expect(await forked(other)).toMatchObject({ server_state: 'fresh' });
    expect(await forked(await fork(training, { aggregation_strategy: 'FedAvg' }))).not.toHaveProperty('server_state');
    expect((await describeExperiment(same)).server_state).toEqual((await describeExperiment(training)).server_state);
    expect((await describeExperiment(anew)).server_state).toBeNull();

    await round(training, [5, 5]);
    await round(same, [5, 5]);
    const ends = await Promise.all([training, same].map(async (of) => [(await describeExperiment(of)).current_model.sha256, (await describeExperiment(of)).server_state]));
    expect(ends[1]).toEqual(ends[0]);
  });

  it('goes back with a rollback to the state of the job before, as long as that is kept', async () => {
    const training = await newTraining(api, 2);
    await update(training, { aggregation_strategy: 'FedAvgM' });
    const jobs = [await round(training, [1, 2])];
    const states = [(await describeExperiment(training)).server_state];
    for (const values of [[2, 2], [0, 3]]) {
      jobs.push(await round(training, values));
      states.push((await describeExperiment(training)).server_state);
    }
    const roll = (to: string) => post('/v1/experiment/rollback', { project_id: training.project, experiment_id: training.experiment, to });
    expect((await roll(jobs[1]!)).status).toBe(200);
    expect((await describeExperiment(training)).server_state).toEqual(states[1]);
    expect((await roll(jobs[0]!)).status).toBe(200);
    expect((await describeExperiment(training)).server_state).toBeNull();
  });

  it('that keeps something else than the one before begins anew, and the log says so', async () => {
    const training = await newTraining(api, 1);
    await round(training, [1], { aggregation_strategy: 'FedAvgM' });
    await round(training, [2], { aggregation_strategy: 'FedAvg' });
    await round(training, [3], { aggregation_strategy: 'FedAvgM' });
    expect((await describeExperiment(training)).server_state).toMatchObject({ t: 2 });
    await round(training, [4], { aggregation_strategy: 'FedAdam' });
    expect((await describeExperiment(training)).server_state).toMatchObject({ t: 1 });
    await round(training, [5], { aggregation_strategy: 'FedYogi' });
    expect((await describeExperiment(training)).server_state).toMatchObject({ t: 2 });
    expect((await eventsOf(api, training)).filter(({ type }) => type === 'server_state_restarted')).toHaveLength(1);
  });

  it('keeps the states of two rounds, counts their bytes for the project, and removes everything with the experiment', async () => {
    const training = await newTraining(api, 1);
    const stored = async () => {
      const { prisma } = api.ctx.db;
      const where = { projectId: training.project };
      const blobs = new Map([...(await prisma.storedModel.findMany({ where })), ...(await prisma.serverState.findMany({ where }))].map(({ blobKey, size }) => [blobKey, Number(size)]));
      const onDisk: string[] = [];
      for await (const { key } of api.ctx.storage.list()) if (key.startsWith(`${training.project}/`)) onDisk.push(key);
      expect(new Set(onDisk)).toEqual(new Set(blobs.keys()));
      expect((await send(api, 'GET', `/v1/project/storage/${training.project}`, { key: api.adminKey })).body.stored_bytes).toBe([...blobs.values()].reduce((sum, size) => sum + size, 0));
      return prisma.serverState.count({ where });
    };
    for (const value of [1, 2, 3, 4]) await round(training, [value], { aggregation_strategy: 'FedAdam' });
    expect(await stored()).toBe(2);
    const forked = await fork(training, { aggregation_strategy: 'FedAvg' });
    await fork(training, { aggregation_strategy: 'FedAdam' });
    await round(training, [5], { aggregation_strategy: 'FedAdam' });
    await stored();
    for (const { experiment } of [training, forked]) expect((await post('/v1/experiment/delete', { project_id: training.project, experiment_id: experiment })).status).toBe(200);
    await stored();
  });

  it('with noise gives other numbers in every job, tells how private they are, and shows its seed to nobody', async () => {
    const training = await newTraining(api, 2);
    const noisy = { type: 'FedAvg', clipping: { type: 'fixed', norm: 1 }, noise: { noise_multiplier: 2 } };
    const seen = new Set<string>();
    for (let n = 1; n <= 2; n++) {
      await round(training, [1, 1], { aggregation_strategy: noisy });
      const described = await describeExperiment(training);
      seen.add(described.current_model.sha256 as string);
      const rho = n / 8;
      expect(described.privacy).toEqual({ epsilon: expect.closeTo(rho + 2 * Math.sqrt(rho * Math.log(1e5)), 12), delta: 1e-5, rounds: n });
      const { noiseSeed } = await api.ctx.db.prisma.job.findFirstOrThrow({ where: { experimentId: training.experiment, sequence: n } });
      expect(noiseSeed).toMatch(/^[0-9a-f]{64}$/);
      expect(JSON.stringify([described, await eventsOf(api, training)])).not.toContain(noiseSeed!);
    }
    expect(seen.size).toBe(2);
    expect((await describeExperiment(await fork(training, { from: 'current' }))).privacy).toMatchObject({ rounds: 2 });
    expect((await describeExperiment(await fork(training, { from: 'start' }))).privacy).toBeNull();
  });

  it('whose numbers leave what a model can hold fails its job at once, and the model and the state stay', async () => {
    const training = await newTraining(api, 1, { w: [1e308] });
    const failing = async () => {
      const job = await newJob(api, training, { aggregation_strategy: { type: 'FedAvgM', server_learning_rate: 1e300 } });
      await submitUpdate(api, training, job, training.devices[0]!, { w: [-1e308] });
      return jobWith(api, training, job, 'FAILED').then(() => job);
    };
    const before = await describeExperiment(training);
    const job = await failing();
    const after = await describeExperiment(training);
    expect(after.jobs.data[0]).toMatchObject({ job_id: job, status: 'FAILED', reason: expect.stringMatching(/^aggregate_not_finite: number 0 of /) });
    expect([after.current_model, after.server_state]).toEqual([before.current_model, null]);
    expect(await api.ctx.db.prisma.task.findFirst({ where: { dedupeKey: job } })).toMatchObject({ failures: 0 });
  });
});
