import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { taskHandlers } from '../../src/upkeep/task-handlers.js';
import { databases, newExperiment, send, startApi, type TestApi } from '../support/api.js';
import { allFaults } from '../support/experiment-log.js';
import { sha256 } from '../support/models.js';
import { cancelJob, createJob, download, eventsOf, getExperiment, getJob, jobWith, model, newJob, newTraining, submitUpdate, type Training } from '../support/training.js';
import { expectProblem } from '../support/uploads.js';

describe.each(databases)('experiment/rollback on %s', (database) => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi(database);
  });
  // Living through the log once more gives the rows, and the chain of models has no break but where somebody rolled back.
  afterEach(async () => expect(await allFaults(api)).toEqual([]));
  afterAll(() => api.close());

  const rollBack = ({ project, experiment }: Training, to: string, more: Record<string, unknown> = {}, headers: Record<string, string> = {}) =>
    send(api, 'POST', '/v1/experiment/rollback', { key: api.adminKey, json: { project_id: project, experiment_id: experiment, to, ...more }, headers });
  const currentModel = (training: Training) => download(api, `/v1/experiment/current_model/${training.project}/${training.experiment}`, api.adminKey);
  const changes = async (training: Training) => (await eventsOf(api, training)).filter(({ type }) => type === 'current_model_changed');

  async function trained(training: Training, value: number): Promise<string> {
    const job = await newJob(api, training);
    await submitUpdate(api, training, job, training.devices[0]!, model(value));
    await jobWith(api, training, job, 'COMPLETED');
    return job;
  }

  it('to a job makes what it made the current model; the next job goes on from there and the others stay as they are', async () => {
    const training = await newTraining(api, 1);
    const [first, second] = [await trained(training, 1), await trained(training, 2)];
    const [one, other] = [await getJob(api, training, first), await getJob(api, training, second)];
    const { status, body } = await rollBack(training, first, { reason: 'the second diverged' });
    const text = JSON.stringify(model(1));
    expect([status, body]).toEqual([
      200,
      { current_model: { name: `${training.project}/${training.experiment}/${first}/aggregate_model`, size: text.length, sha256: sha256(text), format: 'json', parent_sha256: sha256(JSON.stringify(model(0))) } },
    ]);
    expect(await currentModel(training)).toBe(text);
    expect(await getExperiment(api, training)).toMatchObject({
      jobs: [first, second],
      current_job: second,
      current_model: { entity_id: first, name: body.current_model.name, size: String(text.length) },
      is_active: false,
    });
    expect([await getJob(api, training, first), await getJob(api, training, second)]).toEqual([one, other]);
    expect((await changes(training)).at(-1)).toMatchObject({
      job_id: first,
      device_id: null,
      actor_id: expect.any(String),
      key_id: expect.any(String),
      data: { sha256: sha256(text), size: text.length, updates: 1, by: 'rollback', reason: 'the second diverged' },
    });

    const third = await trained(training, 3);
    expect((await getJob(api, training, third)).start_model).toMatchObject({ entity_id: first });
    expect(await currentModel(training)).toBe(JSON.stringify(model(3)));
    // And forward again: to what was left behind.
    expect((await rollBack(training, second)).body.current_model.sha256).toBe(sha256(JSON.stringify(model(2))));
  });

  it('to the start makes the start model current', async () => {
    const training = await newTraining(api, 1);
    await trained(training, 1);
    expect((await rollBack(training, 'start')).body.current_model).toMatchObject({ name: `${training.project}/${training.experiment}/start_model`, parent_sha256: null });
    expect(await currentModel(training)).toBe(JSON.stringify(model(0)));
    expect((await changes(training)).at(-1)).toMatchObject({ job_id: null, data: { updates: 0, by: 'rollback' } });
    expect((await changes(training)).at(-1)!.data).not.toHaveProperty('reason');
    const next = await newJob(api, training);
    expect((await getJob(api, training, next)).start_model).toMatchObject({ entity_id: training.experiment });
  });

  it('to what is current already changes nothing and writes nothing down', async () => {
    const training = await newTraining(api, 1);
    const job = await trained(training, 1);
    const before = await eventsOf(api, training);
    expect((await rollBack(training, job)).body.current_model.sha256).toBe(sha256(JSON.stringify(model(1))));
    expect(await eventsOf(api, training)).toEqual(before);
  });

  it('is refused while a job runs, waits or is being aggregated, and possible once none does', async () => {
    const training = await newTraining(api, 1);
    await trained(training, 1);
    const [running, waiting] = [await newJob(api, training), await newJob(api, training)];
    expectProblem(await rollBack(training, 'start'), 400, 'experiment_busy');
    await cancelJob(api, training, running);
    expectProblem(await rollBack(training, 'start'), 400, 'experiment_busy');
    await cancelJob(api, training, waiting);
    expect((await rollBack(training, 'start')).status).toBe(200);
    expect(await changes(training)).toHaveLength(2);

    await api.ctx.tasks.stop();
    const aggregating = await newJob(api, training);
    await submitUpdate(api, training, aggregating, training.devices[0]!, model(2));
    expect((await getJob(api, training, aggregating)).status).toBe('AGGREGATION_IN_PROGRESS');
    expectProblem(await rollBack(training, 'start'), 400, 'experiment_busy');
    await cancelJob(api, training, aggregating);
    expect((await rollBack(training, 'start')).status).toBe(200);
    await api.ctx.tasks.start(taskHandlers(api.ctx));
  });

  it('goes to nothing but a completed job of this experiment', async () => {
    const training = await newTraining(api, 1);
    expectProblem(await rollBack({ ...training, experiment: await newExperiment(api, training.project) }, 'start'), 400, 'start_model_missing');
    const cancelled = await newJob(api, training);
    await cancelJob(api, training, cancelled);
    expectProblem(await rollBack(training, cancelled), 400, 'job_not_complete');
    expectProblem(await rollBack(training, 'f'.repeat(32)), 404, 'job_not_found');
    const { body } = await send(api, 'POST', '/v1/experiment/fork', { key: api.adminKey, json: { project_id: training.project, experiment_id: training.experiment } });
    const fork = { ...training, experiment: body.ID as string };
    const elsewhere = await trained(fork, 7);
    expectProblem(await rollBack(training, elsewhere), 404, 'job_not_found');
    expectProblem(await rollBack({ ...training, experiment: 'f'.repeat(32) }, 'start'), 404, 'experiment_not_found');
    for (const to of ['current', '', 'START', elsewhere.slice(1)]) expectProblem(await rollBack(training, to), 400, 'invalid_request');
    expect(await changes(training)).toEqual([]);
  });

  it('counts once under an Idempotency-Key, whatever happened since', async () => {
    const training = await newTraining(api, 1);
    await trained(training, 1);
    const ask = () => rollBack(training, 'start', {}, { 'Idempotency-Key': `back-${training.experiment}` });
    const first = await ask();
    await trained(training, 2);
    expect((await ask()).text).toBe(first.text);
    expect(await currentModel(training)).toBe(JSON.stringify(model(2)));
    expect(await changes(training)).toHaveLength(3);
  });

  it('of many at once leaves the model of the last in the log, each written down once', async () => {
    const training = await newTraining(api, 1);
    const jobs = [await trained(training, 1), await trained(training, 2), await trained(training, 3)];
    const before = (await changes(training)).length;
    const replies = await Promise.all([...jobs, 'start', ...jobs, 'start'].map((to) => rollBack(training, to)));
    for (const { status, text } of replies) expect(status, text).toBe(200);
    const told = (await changes(training)).slice(before);
    // One that finds the model current already has nothing to tell, so no two in a row are the same.
    let last: string | null = jobs[2]!;
    for (const { job_id } of told) {
      expect(job_id).not.toBe(last);
      last = job_id;
    }
    expect(told.length).toBeGreaterThanOrEqual(3);
    expect(sha256(await currentModel(training))).toBe((told.at(-1)!.data as { sha256: string }).sha256);
  });

  it('and a job that is created at the same moment take turns: the job starts from where it leads, or it is refused', async () => {
    const training = await newTraining(api, 1);
    const first = await trained(training, 1);
    for (let round = 0; round < 8; round++) {
      await trained(training, round + 2);
      const [back, created] = round % 2 ? [await rollBack(training, first), await createJob(api, training)] : await Promise.all([rollBack(training, first), createJob(api, training)]);
      const job = created.body.ID as string;
      const { start_model } = await getJob(api, training, job);
      if (back.status === 200) expect(start_model.entity_id).toBe(first);
      else expectProblem(back, 400, 'experiment_busy');
      if (back.status !== 200) expect(start_model.entity_id).not.toBe(first);
      await cancelJob(api, training, job);
    }
  });

  it('needs read-write rights', async () => {
    const training = await newTraining(api, 1);
    const { body: reader } = await send(api, 'POST', '/v1/user/create', { key: api.adminKey, json: {} });
    await send(api, 'POST', '/v1/project/add_member', { key: api.adminKey, json: { project_id: training.project, user_id: reader.user_id, permission_level: 1 } });
    const refused = await send(api, 'POST', '/v1/experiment/rollback', { key: reader.key, json: { project_id: training.project, experiment_id: training.experiment, to: 'start' } });
    expectProblem(refused, 403, 'permission_denied');
  });
});
