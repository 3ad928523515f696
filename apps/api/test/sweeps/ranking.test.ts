import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { databases, newUser, send, startApi, type TestApi } from '../support/api.js';
import { allFaults } from '../support/experiment-log.js';
import { levels, newMember } from '../support/members.js';
import { cancelSweep, createSweep, describeSweep, memberAt, newSweep } from '../support/sweeping.js';
import { cancelJob, eventsOf, getExperiment, getJob, jobWith, model, newTraining, retryJob, submitUpdate, type Training } from '../support/training.js';
import { expectProblem } from '../support/uploads.js';

const values = (count: number) => ({ lr: { values: Array.from({ length: count }, (_, at) => at) } });

describe.each(databases)('a sweep on %s', (database) => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi(database);
  });
  afterEach(async () => expect(await allFaults(api)).toEqual([]));
  afterAll(() => api.close());

  /** Completes the job that runs of a fork. */
  async function complete(fork: Training, metrics: Record<string, number>): Promise<string> {
    const job = (await getExperiment(api, fork)).current_job as string;
    await submitUpdate(api, fork, job, fork.devices[0]!, model(1), { metrics });
    await jobWith(api, fork, job, 'COMPLETED');
    return job;
  }
  const post = (path: string, json: object) => send(api, 'POST', path, { key: api.adminKey, json });
  const deleteExperiment = ({ project, experiment }: Training) => post('/v1/experiment/delete', { project_id: project, experiment_id: experiment });
  const listed = async ({ project }: Training, query = '') => (await send(api, 'GET', `/v1/sweep/list/${project}${query}`, { key: api.adminKey })).body;

  it('ranks its forks by the best value of each, ties in the order in which they were made, and those without one last', async () => {
    const training = await newTraining(api, 1);
    const sweep = await newSweep(api, training, { hyperparameters: values(6), num_jobs: 2 });
    const fork = (at: number) => memberAt(training, sweep, at);
    await complete(fork(1), { accuracy: 1 });
    await complete(fork(2), { loss: 0.5 });
    const best = await complete(fork(3), { loss: -0.25 });
    const last = await complete(fork(3), { loss: 3 });
    await complete(fork(4), { loss: 0.5 });
    await complete(fork(5), { loss: 0.75 });
    const onlyBest = await complete(fork(5), { loss: 0.125 });
    const { members, status } = await describeSweep(api, training, sweep.sweep_id);
    expect(members.map(({ position }: { position: number }) => position)).toEqual([4, 6, 3, 5, 1, 2]);
    expect(members[0]).toEqual({
      position: 4,
      experiment_id: fork(3).experiment,
      name: 'lr=3',
      hyperparameters: { lr: 3 },
      status: 'ended',
      num_jobs: 2,
      num_completed: 2,
      num_ended: 2,
      best: { job_id: best, sequence: 1, value: -0.25 },
      last: { job_id: last, sequence: 2, value: 3 },
      stopped: null,
    });
    expect(members[1]).toMatchObject({ best: { job_id: onlyBest, sequence: 2, value: 0.125 }, last: { value: 0.125 } });
    expect(members.slice(4)).toMatchObject([{ best: null, last: null, num_completed: 0, status: 'running' }, { best: null, last: null, num_completed: 1 }]);
    expect(status).toBe('RUNNING');
    expect((await send(api, 'GET', `/v1/experiment/describe/${training.project}/${fork(3).experiment}`, { key: api.adminKey })).body.best_model).toMatchObject({ job_id: best });
  });

  it('ranks the most first where more is better, also a fork that keeps its best model by something else by now', async () => {
    const training = await newTraining(api, 1);
    const sweep = await newSweep(api, training, { hyperparameters: values(3), num_jobs: 2, metric: 'accuracy', mode: 'max' });
    const fork = (at: number) => memberAt(training, sweep, at);
    await complete(fork(0), { accuracy: 0.5 });
    const best = await complete(fork(1), { accuracy: 0.75, loss: 3 });
    await complete(fork(1), { loss: 2 });
    await complete(fork(2), { accuracy: 0.625 });
    const before = await describeSweep(api, training, sweep.sweep_id);
    expect(before.members.map(({ position }: { position: number }) => position)).toEqual([2, 3, 1]);
    expect(before.members[0]).toMatchObject({ best: { job_id: best, sequence: 1, value: 0.75 }, last: null });
    await post('/v1/experiment/update', { project_id: training.project, experiment_id: fork(1).experiment, keep_best: { metric: 'loss', mode: 'min' } });
    expect(await describeSweep(api, training, sweep.sweep_id)).toEqual(before);
  });

  it('is completed once every fork has come to rest, be it stopped by its rule, and says so once', async () => {
    const training = await newTraining(api, 1);
    const stop_when = { metric: 'loss', mode: 'min', patience: 1 };
    const sweep = await newSweep(api, training, { num_jobs: 4, job: { num_devices: 1, stop_when } });
    const [one, other] = [memberAt(training, sweep, 0), memberAt(training, sweep, 1)];
    await complete(one, { loss: 0.5 });
    await complete(one, { loss: 0.6 });
    expect((await describeSweep(api, training, sweep.sweep_id)).status).toBe('RUNNING');
    for (const job of (await getExperiment(api, other)).jobs as string[]) await cancelJob(api, other, job);
    const { status, members } = await describeSweep(api, training, sweep.sweep_id);
    expect(status).toBe('COMPLETED');
    const reason = 'loss has not improved for 1 job; its best is 0.5';
    expect(members).toMatchObject([
      { position: 1, status: 'ended', num_jobs: 4, num_completed: 2, num_ended: 4, best: { value: 0.5 }, last: { value: 0.6 }, stopped: { at: expect.any(String), reason } },
      { position: 2, status: 'ended', num_jobs: 4, num_completed: 0, num_ended: 4, best: null, stopped: null },
    ]);
    const completed = async (fork: Training) => (await eventsOf(api, fork)).filter(({ type }) => type === 'sweep_completed').map(({ data }) => data);
    expect([await completed(one), await completed(other)]).toEqual([[], [{ sweep_id: sweep.sweep_id, num_members: 2 }]]);

    await retryJob(api, other, (await getExperiment(api, other)).jobs[3]);
    expect((await describeSweep(api, training, sweep.sweep_id)).status).toBe('RUNNING');
    await complete(other, { loss: 0.25 });
    expect(await describeSweep(api, training, sweep.sweep_id)).toMatchObject({ status: 'COMPLETED', members: [{ position: 2, num_jobs: 5 }, { position: 1 }] });
    expect((await completed(other)).length).toBe(1);
  });

  it('of two forks that come to rest at once only one completes it', async () => {
    const training = await newTraining(api, 1);
    for (let round = 0; round < 4; round++) {
      const sweep = await newSweep(api, training, { num_jobs: 1, hyperparameters: values(6) });
      const forks = sweep.members.map((_, at) => memberAt(training, sweep, at));
      await Promise.all(forks.map(async (fork) => cancelJob(api, fork, (await getExperiment(api, fork)).current_job)));
      const told = await Promise.all(forks.map((fork) => eventsOf(api, fork)));
      expect(told.flat().filter(({ type }) => type === 'sweep_completed')).toHaveLength(1);
    }
  });

  it('when it is cancelled takes all jobs of its forks along, paused ones, too, and leaves what has ended and what they reached', async () => {
    const training = await newTraining(api, 1);
    const sweep = await newSweep(api, training, { hyperparameters: values(3), num_jobs: 3 });
    const [one, paused] = [memberAt(training, sweep, 0), memberAt(training, sweep, 1)];
    const done = await complete(one, { loss: 0.5 });
    await post('/v1/experiment/pause', { project_id: paused.project, experiment_id: paused.experiment });
    await cancelJob(api, paused, (await getExperiment(api, paused)).current_job);
    const elsewhere = await newSweep(api, training);
    expect((await cancelSweep(api, training, sweep.sweep_id)).body).toEqual({ status: 'CANCELLED', num_cancelled: 2 + 2 + 3 });
    const { status, cancelled_at, members } = await describeSweep(api, training, sweep.sweep_id);
    expect([status, cancelled_at]).toEqual(['CANCELLED', expect.any(String)]);
    expect(members).toMatchObject([{ position: 1, status: 'ended', num_completed: 1, num_ended: 3, best: { job_id: done, value: 0.5 } }, { position: 2, num_ended: 3 }, { position: 3, num_ended: 3 }]);
    expect((await eventsOf(api, one)).slice(-2).map(({ type, data }) => [type, data])).toEqual(Array.from({ length: 2 }, () => ['job_cancelled', { reason: 'its sweep was cancelled' }]));
    expect((await eventsOf(api, memberAt(training, sweep, 2))).some(({ type }) => type === 'sweep_completed')).toBe(false);
    expect((await getJob(api, one, done)).status).toBe('COMPLETED');
    expect((await cancelSweep(api, training, sweep.sweep_id)).body).toEqual({ status: 'CANCELLED', num_cancelled: 0 });
    expect((await describeSweep(api, training, elsewhere.sweep_id)).status).toBe('RUNNING');
  });

  it('that is completed has nothing left to cancel, and stays completed', async () => {
    const training = await newTraining(api, 1);
    const sweep = await newSweep(api, training, { num_jobs: 1 });
    for (const at of [0, 1]) await complete(memberAt(training, sweep, at), { loss: at });
    expect((await cancelSweep(api, training, sweep.sweep_id)).body).toEqual({ status: 'COMPLETED', num_cancelled: 0 });
    expect(await describeSweep(api, training, sweep.sweep_id)).toMatchObject({ status: 'COMPLETED', cancelled_at: null });
  });

  it('goes on without a fork that was deleted, and without the experiment that was forked', async () => {
    const training = await newTraining(api, 1);
    const sweep = await newSweep(api, training, { hyperparameters: values(3), num_jobs: 1 });
    const fork = (at: number) => memberAt(training, sweep, at);
    await complete(fork(0), { loss: 0.25 });
    await complete(fork(2), { loss: 0.5 });
    expect((await deleteExperiment(training)).status).toBe(200);
    expect((await deleteExperiment(fork(0))).status).toBe(200);
    expect(await describeSweep(api, training, sweep.sweep_id)).toMatchObject({ status: 'RUNNING', num_members: 2, experiment_id: training.experiment, members: [{ position: 3, best: { value: 0.5 } }, { position: 2, best: null }] });
    await deleteExperiment(fork(1));
    expect(await describeSweep(api, training, sweep.sweep_id)).toMatchObject({ status: 'COMPLETED', num_members: 1, members: [{ position: 3 }] });
    await deleteExperiment(fork(2));
    expect(await describeSweep(api, training, sweep.sweep_id)).toMatchObject({ status: 'COMPLETED', num_members: 0, members: [] });
    expect((await cancelSweep(api, training, sweep.sweep_id)).body.num_cancelled).toBe(0);
  });

  it('is listed newest first, page by page, and goes with its project', async () => {
    const training = await newTraining(api, 1);
    const made = [];
    for (const sweep_name of ['one', 'two', 'three']) made.push((await newSweep(api, training, { sweep_name })).sweep_id);
    await cancelSweep(api, training, made[0]!);
    const { data, next_cursor } = await listed(training, '?limit=2');
    expect(data.map(({ name, status }: { name: string; status: string }) => [name, status])).toEqual([['three', 'RUNNING'], ['two', 'RUNNING']]);
    expect((await listed(training, `?limit=2&cursor=${next_cursor}`)).data).toMatchObject([{ sweep_id: made[0], name: 'one', status: 'CANCELLED', method: 'grid', metric: 'loss', mode: 'min', num_members: 2, experiment_id: training.experiment }]);
    await post('/v1/project/delete', { project_id: training.project });
    expect(await api.ctx.db.prisma.sweep.count({ where: { projectId: training.project } })).toBe(0);
  });

  it('is made and cancelled by who may write, read by every member, and by nobody else', async () => {
    const training = await newTraining(api, 1);
    const { sweep_id } = await newSweep(api, training);
    const reader = await newMember(api, training.project, levels.READ_ONLY);
    const stranger = await newUser(api);
    const read = (key: string, project = training.project) => send(api, 'GET', `/v1/sweep/describe/${project}/${sweep_id}`, { key });
    expect((await read(reader.key)).status).toBe(200);
    expectProblem(await createSweep(api, training, {}, { key: reader.key }), 403, 'permission_denied');
    expectProblem(await read(stranger.key), 404, 'project_not_found');
    expectProblem(await read(training.devices[0]!.key), 403, 'user_key_required');
    const other = await newTraining(api, 1);
    expectProblem(await read(api.adminKey, other.project), 404, 'sweep_not_found');
    expectProblem(await cancelSweep(api, other, sweep_id), 404, 'sweep_not_found');
  });
});
