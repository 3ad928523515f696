import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { databases, send, startApi, type TestApi } from '../support/api.js';
import { allFaults } from '../support/experiment-log.js';
import { cleanUp } from '../../src/upkeep/clean-up.js';
import { sha256 } from '../support/models.js';
import { createSeries, download, eventsOf, getExperiment, jobWith, model, newJob, newTraining, submitUpdate, type Training } from '../support/training.js';
import { expectProblem } from '../support/uploads.js';

describe.each(databases)('keep_best on %s', (database) => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi(database);
  });
  afterEach(async () => expect(await allFaults(api)).toEqual([]));
  afterAll(() => api.close());

  const post = (path: string, { project, experiment }: Training, more: object) => send(api, 'POST', `/v1/experiment/${path}`, { key: api.adminKey, json: { project_id: project, experiment_id: experiment, ...more } });
  const described = async ({ project, experiment }: Training) => (await send(api, 'GET', `/v1/experiment/describe/${project}/${experiment}`, { key: api.adminKey })).body;
  const best = ({ project, experiment }: Training) => `/v1/experiment/best_model/${project}/${experiment}`;
  const keep = (metric = 'loss', mode = 'min') => ({ keep_best: { metric, mode } });

  /** A job whose model is all `value`; gives its id. */
  async function trained(training: Training, value: number, metrics: Record<string, number>): Promise<string> {
    const job = await newJob(api, training);
    await submitUpdate(api, training, job, training.devices[0]!, model(value), { metrics });
    await jobWith(api, training, job, 'COMPLETED');
    return job;
  }

  it('remembers the model of the job in which the metric was best; of equals the first', async () => {
    const training = await newTraining(api, 1);
    await post('update', training, keep());
    expectProblem(await send(api, 'GET', best(training), { key: api.adminKey }), 400, 'best_model_missing');
    await trained(training, 1, { loss: 0.5 });
    const second = await trained(training, 2, { loss: 0.2 });
    await trained(training, 3, { loss: 0.2 });
    await trained(training, 4, { loss: 0.3 });
    await trained(training, 5, { accuracy: 1 });
    expect(await described(training)).toMatchObject({ ...keep(), best_model: { job_id: second, sequence: 2, value: 0.2, sha256: sha256(JSON.stringify(model(2))) } });
    expect(await download(api, best(training), api.adminKey)).toBe(JSON.stringify(model(2)));
    expect((await eventsOf(api, training)).filter(({ type }) => type === 'best_model_changed').map(({ data }) => (data as { value: number }).value)).toEqual([0.5, 0.2]);
  });

  it('is what one forks from and rolls back to as "best", whatever came after it', async () => {
    const training = await newTraining(api, 1);
    await post('update', training, keep('accuracy', 'max'));
    const first = await trained(training, 1, { accuracy: 0.9 });
    await trained(training, 2, { accuracy: 0.1 });
    const fork = { ...training, experiment: (await post('fork', training, { from: 'best' })).body.ID as string };
    expect(await download(api, `/v1/experiment/start_model/${fork.project}/${fork.experiment}`, api.adminKey)).toBe(JSON.stringify(model(1)));
    // It goes by the same metric, and has no best of its own yet.
    expect(await described(fork)).toMatchObject({ ...keep('accuracy', 'max'), best_model: null });
    expectProblem(await post('fork', fork, { from: 'best' }), 400, 'best_model_missing');
    expectProblem(await post('rollback', fork, { to: 'best' }), 400, 'best_model_missing');

    expect((await post('rollback', training, { to: 'best' })).status).toBe(200);
    expect((await getExperiment(api, training)).current_model.entity_id).toBe(first);
    expect(await described(training)).toMatchObject({ best_model: { job_id: first } });
    expect((await send(api, 'GET', `/v1/experiment/model_layout/${training.project}/${training.experiment}?model=best`, { key: api.adminKey })).status).toBe(200);
  });

  it('is looked up among the jobs that there are when another metric is chosen, and forgotten with none', async () => {
    const training = await newTraining(api, 1);
    const first = await trained(training, 1, { loss: 0.1, accuracy: 0.2 });
    const second = await trained(training, 2, { loss: 0.3, accuracy: 0.8 });
    expect((await described(training)).best_model).toBeNull();
    await post('update', training, keep());
    expect(await described(training)).toMatchObject({ best_model: { job_id: first, value: 0.1 } });
    await post('update', training, keep('accuracy', 'max'));
    expect(await described(training)).toMatchObject({ best_model: { job_id: second, value: 0.8 } });
    await post('update', training, keep('nothing'));
    expect(await described(training)).toMatchObject({ ...keep('nothing'), best_model: null });
    await post('update', training, { keep_best: null });
    expect(await described(training)).toMatchObject({ keep_best: null, best_model: null });
  });

  it('can be said when an experiment is created or forked', async () => {
    const training = await newTraining(api, 1);
    const created = await send(api, 'POST', '/v1/experiment/create', { key: api.adminKey, json: { project_id: training.project, ...keep() } });
    expect(await described({ ...training, experiment: created.body.ID as string })).toMatchObject(keep());
    const forked = await post('fork', training, keep('accuracy', 'max'));
    expect(await described({ ...training, experiment: forked.body.ID as string })).toMatchObject(keep('accuracy', 'max'));
  });

  it('outlives the clean-up and, in a fork, the experiment that it was the best of', async () => {
    const training = await newTraining(api, 1);
    await post('update', training, keep());
    await trained(training, 1, { loss: 0.1 });
    await trained(training, 2, { loss: 0.2 });
    await cleanUp(api.ctx);
    expect(await download(api, best(training), api.adminKey)).toBe(JSON.stringify(model(1)));
    const fork = (await post('fork', training, { from: 'best' })).body.ID as string;
    await post('delete', training, {});
    await cleanUp(api.ctx);
    expect(await download(api, `/v1/experiment/current_model/${training.project}/${fork}`, api.adminKey)).toBe(JSON.stringify(model(1)));
  });

  it('and a metric that is chosen while jobs complete take turns: no better model is missed', async () => {
    const training = await newTraining(api, 1);
    for (let round = 0; round < 6; round++) {
      const { job_ids } = (await createSeries(api, training, 1)).body;
      await Promise.all([submitUpdate(api, training, job_ids[0], training.devices[0]!, model(round), { metrics: { loss: 10 - round } }), post('update', training, keep())]);
      await jobWith(api, training, job_ids[0], 'COMPLETED');
      expect((await described(training)).best_model).toMatchObject({ job_id: job_ids[0], value: 10 - round });
      await post('update', training, { keep_best: null });
    }
  });
});
