import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { databases, send, startApi, type TestApi } from '../support/api.js';
import { allFaults } from '../support/experiment-log.js';
import { cancelJob, createSeries, download, eventsOf, getExperiment, getJob, jobWith, model, newJob, newTraining, nextJob, submitUpdate, type Training } from '../support/training.js';
import { expectProblem } from '../support/uploads.js';

describe.each(databases)('experiment/pause on %s', (database) => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi(database);
  });
  afterEach(async () => expect(await allFaults(api)).toEqual([]));
  afterAll(() => api.close());

  const ask = (which: 'pause' | 'resume', { project, experiment }: Training, more: Record<string, unknown> = {}) =>
    send(api, 'POST', `/v1/experiment/${which}`, { key: api.adminKey, json: { project_id: project, experiment_id: experiment, ...more } });
  const describeIt = async ({ project, experiment }: Training) => (await send(api, 'GET', `/v1/experiment/describe/${project}/${experiment}`, { key: api.adminKey })).body;
  const listed = async ({ project }: Training) => (await send(api, 'GET', `/v1/experiment/list/${project}`, { key: api.adminKey })).body.data[0];
  const activeJobs = async ({ project }: Training) => (await send(api, 'GET', `/v1/project/active_jobs/${project}`, { key: api.adminKey })).body.job_ids as string[];
  const told = async (training: Training) => (await eventsOf(api, training)).map(({ type }) => type).filter((type) => /paused|resumed/.test(type));

  it('lets the job that runs finish and move the model on, and starts nothing after it until it is resumed', async () => {
    const training = await newTraining(api, 1);
    const [device] = training.devices;
    const [first, second, third] = (await createSeries(api, training, 3)).body.job_ids as [string, string, string];
    const paused = await ask('pause', training, { reason: 'new data on Monday' });
    expect([paused.status, paused.body]).toEqual([200, { paused_at: expect.stringMatching(/^\d{4}-.*Z$/) }]);
    await submitUpdate(api, training, first, device!, model(1));
    await jobWith(api, training, first, 'COMPLETED');
    expect(await download(api, `/v1/experiment/current_model/${training.project}/${training.experiment}`, api.adminKey)).toBe(JSON.stringify(model(1)));
    expect([(await getJob(api, training, second)).status, (await getJob(api, training, third)).status]).toEqual(['INITIALIZED', 'INITIALIZED']);
    expect((await nextJob(api, training, device!)).status).toBe(204);
    // It has jobs to do, and none that a device could train.
    expect(await getExperiment(api, training)).toMatchObject({ is_active: true, current_job: first });
    expect(await activeJobs(training)).toEqual([]);

    const shown = await describeIt(training);
    expect(shown).toMatchObject({ status: 'active', paused_at: paused.body.paused_at });
    const sentence = `the experiment to be resumed: it has been paused since ${paused.body.paused_at}`;
    expect(shown.jobs.data.map(({ waiting_for }: { waiting_for: string }) => waiting_for)).toEqual([sentence, sentence, null]);
    expect((await send(api, 'GET', `/v1/job/describe/${training.project}/${second}`, { key: api.adminKey })).body.waiting_for).toBe(sentence);
    expect(await listed(training)).toMatchObject({ paused_at: paused.body.paused_at, live_job: null });

    const waiting = nextJob(api, training, device!, 20);
    expect((await ask('resume', training)).body).toEqual({ paused_at: null });
    expect((await waiting).body).toMatchObject({ job_id: second });
    expect(await activeJobs(training)).toEqual([second]);
    expect(await describeIt(training)).toMatchObject({ paused_at: null });
    expect((await eventsOf(api, training)).filter(({ type }) => type === 'experiment_paused')).toMatchObject([{ job_id: null, actor_id: expect.any(String), data: { reason: 'new data on Monday' } }]);
  });

  it('keeps jobs waiting that are added, retried or left after one that was cancelled', async () => {
    const training = await newTraining(api, 1);
    await ask('pause', training);
    expect(await getExperiment(api, training)).toMatchObject({ is_active: false });
    const first = await newJob(api, training);
    const second = await newJob(api, training);
    expect((await getJob(api, training, first)).status).toBe('INITIALIZED');
    expect(await getExperiment(api, training)).toMatchObject({ is_active: true, current_job: 'NONE' });
    await cancelJob(api, training, first);
    expect((await getJob(api, training, second)).status).toBe('INITIALIZED');
    await send(api, 'POST', '/v1/job/retry', { key: api.adminKey, json: { project_id: training.project, job_id: first } });
    expect((await getJob(api, training, second)).status).toBe('INITIALIZED');
    await ask('resume', training);
    expect((await getJob(api, training, second)).status).toBe('IN_PROGRESS');
  });

  it('rests when the last job that waits is cancelled', async () => {
    const training = await newTraining(api, 1);
    await ask('pause', training);
    await cancelJob(api, training, await newJob(api, training));
    expect(await getExperiment(api, training)).toMatchObject({ is_active: false, current_job: 'NONE' });
  });

  it('twice is as once, and so is resuming', async () => {
    const training = await newTraining(api, 1);
    const { body } = await ask('pause', training);
    expect((await ask('pause', training, { reason: 'again' })).body).toEqual(body);
    await Promise.all([ask('resume', training), ask('resume', training), ask('resume', training)]);
    expect(await told(training)).toEqual(['experiment_paused', 'experiment_resumed']);
  });

  it('and a job that completes at the same moment take turns: the next one has started, or it waits', async () => {
    const training = await newTraining(api, 1);
    for (let round = 0; round < 8; round++) {
      const [first, second] = (await createSeries(api, training, 2)).body.job_ids as [string, string];
      await Promise.all([submitUpdate(api, training, first, training.devices[0]!, model(round)), ask('pause', training)]);
      await jobWith(api, training, first, 'COMPLETED');
      const { status } = await getJob(api, training, second);
      expect(await activeJobs(training)).toEqual(status === 'IN_PROGRESS' ? [second] : []);
      await ask('resume', training);
      expect((await getJob(api, training, second)).status).toBe('IN_PROGRESS');
      await cancelJob(api, training, second);
    }
  });

  it('is refused for an experiment that is not there', async () => {
    const training = await newTraining(api, 1);
    for (const which of ['pause', 'resume'] as const) expectProblem(await ask(which, { ...training, experiment: 'f'.repeat(32) }), 404, 'experiment_not_found');
  });
});
