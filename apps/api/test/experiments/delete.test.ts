import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, newUser, send, startApi, type TestApi } from '../support/api.js';
import { listen } from '../support/listen.js';
import { eventually } from '@vergeai/testkit';
import { drawnFor, getExperiment, getJob, heartbeat, jobWith, model, newJob, newTraining, nextJob, submitUpdate, updateTicket, type Training } from '../support/training.js';
import { putRaw } from '../support/uploads.js';

describe.each(databases)('experiment/delete on %s', (database) => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi(database);
  });
  afterAll(() => api.close());

  const remove = ({ project, experiment }: Training, key = api.adminKey, headers: Record<string, string> = {}) =>
    send(api, 'POST', '/v1/experiment/delete', { key, json: { project_id: project, experiment_id: experiment }, headers });
  const blobsOf = async (project: string) => {
    const entries = await readdir(path.join(api.dataDir, 'blobs'), { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile() && path.join(entry.parentPath, entry.name).includes(project)).length;
  };

  it('takes its jobs, models, log and blobs, and leaves the rest of the project', async () => {
    const training = await newTraining(api, 1);
    const job = await newJob(api, training);
    await submitUpdate(api, training, job, training.devices[0]!, model(1));
    await jobWith(api, training, job, 'COMPLETED');
    const other = (await send(api, 'POST', '/v1/experiment/create', { key: api.adminKey, json: { project_id: training.project } })).body.ID as string;
    expect(await blobsOf(training.project)).toBe(3);
    expect((await remove(training)).body).toEqual({});
    expect((await getExperiment(api, training)).code).toBe('experiment_not_found');
    expect((await getJob(api, training, job)).code).toBe('job_not_found');
    expect(await blobsOf(training.project)).toBe(0);
    const { prisma } = api.ctx.db;
    for (const rows of [prisma.job.count({ where: { projectId: training.project } }), prisma.storedModel.count({ where: { projectId: training.project } }), prisma.event.count({ where: { experimentId: training.experiment } })])
      expect(await rows).toBe(0);
    expect((await getExperiment(api, { ...training, experiment: other })).ID).toBe(other);
    expect(await prisma.auditEvent.findMany({ where: { subjectId: training.experiment } })).toMatchObject([{ action: 'experiment_deleted', projectId: training.project }]);
    expect((await remove(training)).body.code).toBe('experiment_not_found');
  });

  it('is over for devices that train for it: their heartbeat and their update hear that there is no such job', async () => {
    const training = await newTraining(api, 1);
    const job = await newJob(api, training);
    const [device] = drawnFor(training, await getJob(api, training, job));
    await nextJob(api, training, device!);
    const ticket = await updateTicket(api, training, job, device!);
    await remove(training);
    expect((await heartbeat(api, training, job, device!)).body.code).toBe('job_not_found');
    expect((await submitUpdate(api, training, job, device!, model(1))).body.code).toBe('job_not_found');
    expect((await putRaw(ticket, JSON.stringify(model(1)))).status).toBe(404);
    expect((await nextJob(api, training, device!)).status).toBe(204);
    expect(await blobsOf(training.project)).toBe(0);
  });

  it('leaves its forks with their model, which they share', async () => {
    const training = await newTraining(api, 1);
    const { body: fork } = await send(api, 'POST', '/v1/experiment/fork', { key: api.adminKey, json: { project_id: training.project, experiment_id: training.experiment } });
    await remove(training);
    const { body } = await send(api, 'GET', `/v1/experiment/start_model/${training.project}/${fork.ID}`, { key: api.adminKey });
    expect((await send(api, 'GET', body.model_url as string)).body).toEqual(model(0));
    const forked = { ...training, experiment: fork.ID as string };
    const job = await newJob(api, forked);
    await submitUpdate(api, forked, job, training.devices[0]!, model(2));
    await jobWith(api, forked, job, 'COMPLETED');
    expect((await remove(forked)).status).toBe(200);
    expect(await blobsOf(training.project)).toBe(0);
  });

  it('ends the stream of who follows its log', async () => {
    const training = await newTraining(api, 1);
    const stream = await listen(api, training);
    await eventually('the log is told', () => stream.events.length > 0);
    await remove(training);
    stream.hangUp();
  });

  it('takes an admin of the project', async () => {
    const training = await newTraining(api, 1);
    const writer = await newUser(api);
    await send(api, 'POST', '/v1/project/add_member', { key: api.adminKey, json: { project_id: training.project, user_id: writer.userId, permission_level: 5 } });
    expect((await remove(training, writer.key)).body.code).toBe('permission_denied');
    await send(api, 'POST', '/v1/project/update_member', { key: api.adminKey, json: { project_id: training.project, user_id: writer.userId, permission_level: 10 } });
    expect((await remove(training, writer.key)).status).toBe(200);
  });

  it('happens once, however many ask at once, and says the same under one Idempotency-Key', async () => {
    const training = await newTraining(api, 1);
    const replies = await Promise.all([1, 2, 3, 4].map(() => remove(training)));
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 404, 404, 404]);
    const again = await newTraining(api, 1);
    const headers = { 'Idempotency-Key': 'delete it' };
    expect([(await remove(again, api.adminKey, headers)).status, (await remove(again, api.adminKey, headers)).status]).toEqual([200, 200]);
  });
});
