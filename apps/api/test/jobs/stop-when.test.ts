import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { databases, send, startApi, type TestApi } from '../support/api.js';
import { allFaults } from '../support/experiment-log.js';
import { cancelJob, createSeries, eventsOf, getExperiment, getJob, jobWith, model, newJob, newTraining, retryJob, submitUpdate, type Training } from '../support/training.js';

describe.each(databases)('job/create_series with stop_when on %s', (database) => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi(database);
  });
  afterEach(async () => expect(await allFaults(api)).toEqual([]));
  afterAll(() => api.close());

  const loss = { metric: 'loss', mode: 'min' };
  const series = async (training: Training, count: number, rule: object) => (await createSeries(api, training, count, { stop_when: { ...loss, ...rule } })).body as { series_id: string; job_ids: string[] };
  const described = async ({ project, experiment }: Training) => (await send(api, 'GET', `/v1/experiment/describe/${project}/${experiment}`, { key: api.adminKey })).body;
  const statuses = async (training: Training) => ((await described(training)).jobs.data as Array<{ status: string }>).map(({ status }) => status).reverse();

  async function complete(training: Training, job: string, metrics: Record<string, number>, value = 1): Promise<void> {
    await submitUpdate(api, training, job, training.devices[0]!, model(value), { metrics });
    await jobWith(api, training, job, 'COMPLETED');
  }

  it('cancels exactly the jobs of the series that wait, once the metric has not improved for so many jobs, and says why', async () => {
    const training = await newTraining(api, 1);
    const { series_id, job_ids } = await series(training, 6, { patience: 2 });
    const other = await newJob(api, training);
    await complete(training, job_ids[0]!, { loss: 0.5 });
    await complete(training, job_ids[1]!, { loss: 0.4 });
    await complete(training, job_ids[2]!, { loss: 0.45 });
    expect((await described(training)).series).toMatchObject([{ series_id, status: 'running', num_jobs: 6, num_completed: 3, stop_when: { ...loss, patience: 2, min_delta: 0, threshold: null }, best: { job_id: job_ids[1], sequence: 2, value: 0.4 }, stalled: 1, stopped: null }]);
    await complete(training, job_ids[3]!, { loss: 0.4 });
    expect(await statuses(training)).toEqual(['COMPLETED', 'COMPLETED', 'COMPLETED', 'COMPLETED', 'CANCELLED', 'CANCELLED', 'IN_PROGRESS']);

    const reason = 'loss has not improved for 2 jobs; its best is 0.4';
    const after = await described(training);
    expect(after.series).toMatchObject([{ status: 'stopped', num_completed: 4, num_ended: 6, stalled: 2, stopped: { at: expect.any(String), reason } }]);
    expect(after.jobs.data.map(({ reason: why }: { reason: string }) => why)).toEqual([null, ...Array.from({ length: 2 }, () => `its series was stopped: ${reason}`), null, null, null, null]);
    expect((await getExperiment(api, training)).current_job).toBe(other);
    const told = (await eventsOf(api, training)).slice(-6);
    expect(told.map(({ type, job_id }) => [type, job_id])).toEqual([
      ['job_completed', job_ids[3]],
      ['current_model_changed', job_ids[3]],
      ['series_stopped', job_ids[3]],
      ['job_cancelled', job_ids[4]],
      ['job_cancelled', job_ids[5]],
      ['job_in_progress', other],
    ]);
    expect(told[2]!.data).toEqual({ series_id, rule: 'patience', metric: 'loss', value: 0.4, best_value: 0.4, cancelled: 2, reason });
  });

  it('stops when a threshold is reached, on the last job, too', async () => {
    const training = await newTraining(api, 1);
    const { job_ids } = await series(training, 2, { mode: 'max', metric: 'accuracy', threshold: 0.9 });
    await complete(training, job_ids[0]!, { accuracy: 0.8 });
    await complete(training, job_ids[1]!, { accuracy: 0.95 });
    expect((await described(training)).series).toMatchObject([{ status: 'stopped', stopped: { reason: 'accuracy is 0.95, which reaches the threshold of 0.9' } }]);
    expect((await eventsOf(api, training)).filter(({ type }) => type === 'series_stopped')).toMatchObject([{ job_id: job_ids[1], data: { rule: 'threshold', cancelled: 0 } }]);
  });

  it('goes by the mean over the devices of a job, weighted by their examples', async () => {
    const training = await newTraining(api, 2);
    const { job_ids } = (await createSeries(api, training, 2, { num_devices: 2, stop_when: { ...loss, threshold: 0.3125 } })).body;
    for (const [at, device] of training.devices.entries()) await submitUpdate(api, training, job_ids[0], device, model(at), { num_examples: [3, 1][at], metrics: { loss: [0.25, 0.5][at] } });
    await jobWith(api, training, job_ids[0], 'COMPLETED');
    expect(await statuses(training)).toEqual(['COMPLETED', 'CANCELLED']);
  });

  it('does not count jobs that failed, were cancelled, or said nothing of the metric', async () => {
    const training = await newTraining(api, 1);
    const { job_ids } = await series(training, 6, { patience: 2 });
    await complete(training, job_ids[0]!, { loss: 0.5 });
    await complete(training, job_ids[1]!, { loss: 0.6 });
    await cancelJob(api, training, job_ids[2]!);
    await complete(training, job_ids[3]!, { accuracy: 1 });
    expect((await described(training)).series).toMatchObject([{ status: 'running', stalled: 1, num_ended: 4 }]);
    await complete(training, job_ids[4]!, { loss: 0.7 });
    expect(await statuses(training)).toEqual(['COMPLETED', 'COMPLETED', 'CANCELLED', 'COMPLETED', 'COMPLETED', 'CANCELLED']);
  });

  it('a retry counts as one of the series, and stands alone once that was stopped', async () => {
    const training = await newTraining(api, 1);
    const { series_id, job_ids } = await series(training, 3, { patience: 1 });
    await cancelJob(api, training, job_ids[0]!);
    const again = (await retryJob(api, training, job_ids[0]!)).body.ID as string;
    await complete(training, job_ids[1]!, { loss: 0.5 });
    await complete(training, job_ids[2]!, { loss: 0.6 });
    expect((await getJob(api, training, again)).status).toBe('CANCELLED');
    const alone = (await retryJob(api, training, again)).body.ID as string;
    expect((await described(training)).jobs.data.map((job: { series_id: string | null }) => job.series_id)).toEqual([null, series_id, series_id, series_id, series_id]);
    await complete(training, alone, { loss: 9 });
    expect((await eventsOf(api, training)).filter(({ type }) => type === 'series_stopped')).toHaveLength(1);
  });

  it('stops a paused series, too: its last job may still decide', async () => {
    const training = await newTraining(api, 1);
    const { job_ids } = await series(training, 3, { threshold: 1 });
    await send(api, 'POST', '/v1/experiment/pause', { key: api.adminKey, json: { project_id: training.project, experiment_id: training.experiment } });
    await complete(training, job_ids[0]!, { loss: 0.5 });
    expect(await statuses(training)).toEqual(['COMPLETED', 'CANCELLED', 'CANCELLED']);
    expect((await getExperiment(api, training)).is_active).toBe(false);
  });
});
