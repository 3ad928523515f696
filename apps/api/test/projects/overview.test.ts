import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, newProject, newUser, send, startApi, type TestApi } from '../support/api.js';
import { testClock } from '../support/clock.js';
import { levels, newMember } from '../support/members.js';
import { insertJob } from '../support/rows.js';
import { cancelJob, deleteDevice, heartbeat, newJob, newTraining, nextJob, type Training } from '../support/training.js';
import { expectProblem } from '../support/uploads.js';

const SECOND_MS = 1_000;

describe.each(databases)('project/overview on %s', (database) => {
  let api: TestApi;
  const clock = testClock();
  beforeAll(async () => {
    api = await startApi(database, {}, { clock });
  });
  afterAll(() => api.close());

  const overview = (project: string, key = api.adminKey) => send(api, 'GET', `/v1/project/overview/${project}`, { key });
  const numbersOf = async (project: string) => {
    const { body } = await overview(project);
    return { devices: body.devices, experiments: body.experiments, jobs: body.jobs };
  };
  const totalOf = async (path: string) => {
    const { body } = await send(api, 'GET', path, { key: api.adminKey });
    return (body.total ?? body.data.length) as number;
  };

  it('shows an empty project, to whom it may be shown', async () => {
    const { body: created } = await send(api, 'POST', '/v1/project/create', { key: api.adminKey, json: { project_name: 'Größe', project_description: 'of things' } });
    const project = created.project_id as string;
    const nothing = {
      devices: { total: 0, online: 0, busy: 0, late: 0, offline: 0, never_seen: 0 },
      experiments: { total: 0, active: 0 },
      jobs: { live: 0, queued: 0, failed_24h: 0 },
      stored_bytes: 0,
    };
    const facts = { project_id: project, name: 'Größe', description: 'of things', created_at: clock.now().toISOString(), ...nothing };
    expect((await overview(project)).body).toEqual({ ...facts, permission_level: 100, members: 1 });
    const reader = await newMember(api, project, levels.READ_ONLY);
    expect((await overview(project, reader.key)).body).toEqual({ ...facts, permission_level: 1, members: 2 });
  });

  it('is not for strangers, nor for devices, nor of a project that is not there', async () => {
    const { project, devices } = await newTraining(api, 1);
    expectProblem(await overview(project, (await newUser(api)).key), 404, 'project_not_found');
    expectProblem(await overview(project, devices[0]!.key), 403, 'user_key_required');
    expectProblem(await overview('0'.repeat(32)), 404, 'project_not_found');
    expectProblem(await overview('x'), 400, 'invalid_request');
  });

  it('counts devices as their list tells of them, and those that are busy besides', async () => {
    const training = await newTraining(api, 4);
    const { project, devices } = training;
    const [working, silent, gone, stranger] = devices;
    expect((await numbersOf(project)).devices).toEqual({ total: 4, online: 0, busy: 0, late: 0, offline: 0, never_seen: 4 });
    await nextJob(api, training, gone!);
    await clock.advance(200 * SECOND_MS);
    const job = await newJob(api, training, { num_devices: 4 });
    for (const device of [working!, silent!]) await nextJob(api, training, device);
    await clock.advance(40 * SECOND_MS);
    await heartbeat(api, training, job, working!);
    const { devices: counts } = await numbersOf(project);
    const listed = async (filter: string) => totalOf(`/v1/device/list/${project}?${filter}`);
    expect(counts).toEqual({
      total: await listed(''),
      online: await listed('presence=online'),
      busy: await listed('status=busy'),
      late: await listed('presence=late'),
      offline: await listed('presence=offline'),
      never_seen: await listed('presence=never'),
    });
    expect(counts).toEqual({ total: 4, online: 1, busy: 4, late: 1, offline: 1, never_seen: 1 });
    await deleteDevice(api, training, stranger!);
    expect((await numbersOf(project)).devices).toMatchObject({ total: 3 });
  });

  it('counts experiments as their list does, without those that are put away', async () => {
    const training = await newTraining(api, 1);
    const { project, experiment } = training;
    for (const archived of [false, false, true]) {
      const { body } = await send(api, 'POST', '/v1/experiment/create', { key: api.adminKey, json: { project_id: project } });
      if (archived) await send(api, 'POST', '/v1/experiment/update', { key: api.adminKey, json: { project_id: project, experiment_id: body.ID, archived } });
    }
    expect((await numbersOf(project)).experiments).toEqual({ total: 3, active: 0 });
    const job = await newJob(api, training, { num_devices: 1 });
    expect((await numbersOf(project)).experiments).toEqual({ total: await totalOf(`/v1/experiment/list/${project}`), active: await totalOf(`/v1/experiment/list/${project}?status=active`) });
    expect((await numbersOf(project)).experiments).toEqual({ total: 3, active: 1 });
    const archive = (archived: boolean) => send(api, 'POST', '/v1/experiment/update', { key: api.adminKey, json: { project_id: project, experiment_id: experiment, archived } });
    await archive(true);
    expect((await numbersOf(project)).experiments).toEqual({ total: 2, active: 0 });
    await archive(false);
    await cancelJob(api, training, job);
    expect((await numbersOf(project)).experiments).toEqual({ total: 3, active: 0 });
  });

  it('counts jobs that run, that wait, and that failed within a day, over all experiments', async () => {
    const training = await newTraining(api, 1);
    const other = await anotherExperiment(training);
    const [running] = [await newJob(api, training, { num_devices: 1 }), await newJob(api, training, { num_devices: 1 }), await newJob(api, other, { num_devices: 1 })];
    expect((await numbersOf(training.project)).jobs).toEqual({ live: 2, queued: 1, failed_24h: 0 });
    await api.ctx.db.prisma.job.updateMany({ where: { id: running }, data: { status: 'AGGREGATION_IN_PROGRESS', updatesReceived: 1 } });
    expect((await numbersOf(training.project)).jobs).toEqual({ live: 2, queued: 1, failed_24h: 0 });
    for (const endedAgo of [1, 24 * 3_600 - 10, 24 * 3_600 + 10]) await failedJob(training, endedAgo);
    expect((await numbersOf(training.project)).jobs).toEqual({ live: 2, queued: 1, failed_24h: 2 });
    await clock.advance(20 * SECOND_MS);
    expect((await numbersOf(training.project)).jobs).toMatchObject({ failed_24h: 1 });
  });

  it('tells how many bytes the project keeps, and nothing of another project', async () => {
    const training = await newTraining(api, 2);
    const { body: storage } = await send(api, 'GET', `/v1/project/storage/${training.project}`, { key: api.adminKey });
    expect(storage.stored_bytes).toBeGreaterThan(0);
    expect((await overview(training.project)).body.stored_bytes).toBe(storage.stored_bytes);
    expect((await overview(await newProject(api))).body).toMatchObject({ stored_bytes: 0, members: 1, devices: { total: 0 }, experiments: { total: 0 } });
  });

  async function anotherExperiment(training: Training): Promise<Training> {
    const { body } = await send(api, 'POST', '/v1/experiment/create', { key: api.adminKey, json: { project_id: training.project } });
    const other = { ...training, experiment: body.ID as string };
    await send(api, 'POST', '/v1/experiment/submit_start_model', { key: api.adminKey, json: { project_id: other.project, experiment_id: other.experiment, model: { w: [1, 2] } } });
    return other;
  }

  async function failedJob(training: Training, endedAgoSec: number): Promise<void> {
    const { body } = await send(api, 'POST', '/v1/experiment/create', { key: api.adminKey, json: { project_id: training.project } });
    const id = await insertJob(api, { project: training.project, experiment: body.ID as string });
    await api.ctx.db.prisma.job.update({ where: { id }, data: { status: 'FAILED', endedAt: new Date(clock.now().getTime() - endedAgoSec * SECOND_MS) } });
  }
});
