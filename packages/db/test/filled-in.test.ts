import { cpSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { build, migrate, statementOf, type Database, type DatabaseKind } from '../src/index.js';
import { defaultMigrationsDir } from '../src/migrations-dir.js';
import { emptyDatabase, KINDS, open, temporaryFolder } from './databases.js';
import { newDevice, newExperiment, newId, newJob, newModel, newProject, NOW } from './rows.js';

/** A database as it was before a migration, in which rows can be put by hand. */
async function before(kind: DatabaseKind, name: string): Promise<string> {
  const migrationsDir = temporaryFolder();
  cpSync(defaultMigrationsDir, migrationsDir, { recursive: true });
  const names = readdirSync(path.join(migrationsDir, kind)).sort();
  const from = names.findIndex((each) => each.endsWith(`_${name}`));
  for (const later of names.slice(from)) rmSync(path.join(migrationsDir, kind, later), { recursive: true });
  const url = await emptyDatabase(kind);
  await migrate({ url, migrationsDir });
  return url;
}

/** Without Prisma, which knows columns that are not there yet. */
const put = ({ write }: Database, table: Parameters<typeof build.insertInto>[0], row: object) =>
  write([statementOf(build.insertInto(table).values(row))]);

describe.each(KINDS)('rows that were there before a migration, on %s', (kind) => {
  test('are found by name, and sorted by the metrics of the last job that completed', async () => {
    const url = await before(kind, 'search_and_sort_experiments');
    const old = await open(url, { migrate: false });
    const project = newProject();
    const experiment = newExperiment({ projectId: project.id, name: 'Digits' });
    const untrained = newExperiment({ projectId: project.id, name: null });
    const where = { projectId: project.id, experimentId: experiment.id };
    const devices = [newDevice({ projectId: project.id }), newDevice({ projectId: project.id })];
    const start = newModel(where);
    await put(old, 'Project', project);
    for (const row of [experiment, untrained]) await put(old, 'Experiment', row);
    for (const row of devices) await put(old, 'Device', row);
    await put(old, 'StoredModel', start);
    const jobs: string[] = [];
    for (const [at, status] of (['COMPLETED', 'COMPLETED', 'FAILED'] as const).entries()) {
      const aggregate = newModel({ ...where, kind: 'AGGREGATE', jobId: newId(), parentId: start.id });
      await put(old, 'StoredModel', aggregate);
      const job = newJob({ ...where, id: aggregate.jobId!, sequence: at + 1, status, endedAt: NOW, ...(status === 'COMPLETED' && { aggregateModelId: aggregate.id }) });
      await put(old, 'Job', job);
      jobs.push(job.id);
      for (const [n, { id: deviceId }] of devices.entries()) {
        const model = newModel({ ...where, kind: 'UPDATE', jobId: job.id, deviceId, parentId: start.id });
        await put(old, 'StoredModel', model);
        const metrics = { loss: at + 1 + 4 * n, 'a "name"': 1e300, ...(n === 0 && { only: -0.5 }) };
        await put(old, 'JobUpdate', { jobId: job.id, deviceId, modelId: model.id, sha256: model.sha256, numExamples: at === 1 ? 1 + 2 * n : null, metrics: JSON.stringify(metrics), createdAt: NOW });
      }
    }
    await old.close();

    const { prisma } = await open(url);
    const rows = await prisma.experiment.findMany({ include: { metrics: { orderBy: { position: 'asc' } } }, orderBy: { searchName: 'desc' } });
    expect(rows.find(({ id }) => id === untrained.id)).toMatchObject({ searchName: null, lastCompletedJobId: null, archivedAt: null, metrics: [] });
    expect(rows.find(({ id }) => id === experiment.id)).toMatchObject({
      searchName: 'digits',
      lastCompletedJobId: jobs[1],
      metrics: [
        { position: 0, name: 'a "name"', value: expect.closeTo(1e300, -290) },
        { position: 1, name: 'loss', value: 5, jobId: jobs[1], projectId: project.id },
        { position: 2, name: 'only', value: -0.5 },
      ],
    });
  });

  test('tell what their log knows of jobs, and of devices that were given up', async () => {
    const url = await before(kind, 'see_devices_at_work');
    const old = await open(url, { migrate: false });
    const project = newProject();
    const experiment = newExperiment({ projectId: project.id });
    const where = { projectId: project.id, experimentId: experiment.id };
    const devices = Array.from({ length: 4 }, () => newDevice({ projectId: project.id }));
    const [failed, silent, substitute, atWork] = devices.map(({ id }) => id) as [string, string, string, string];
    const start = newModel(where);
    const job = newJob({ ...where, status: 'IN_PROGRESS', startModelId: start.id });
    const at = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);
    await put(old, 'Project', project);
    await put(old, 'Experiment', experiment);
    for (const row of devices) await put(old, 'Device', row);
    await put(old, 'ApiKey', { id: newId(), kind: 'DEVICE', deviceId: atWork, secretHash: 'x', createdAt: NOW, lastUsedAt: at(50) });
    await put(old, 'StoredModel', start);
    await put(old, 'Job', job);
    const place = (deviceId: string, position: number, state: string, more: object = {}) => put(old, 'JobDevice', { jobId: job.id, deviceId, position, state, ...more });
    await place(failed, 0, 'REPLACED', { reason: 'battery low' });
    await place(silent, 1, 'REPLACED', { reason: 'its lease lapsed' });
    await place(substitute, 2, 'DRAWN');
    await place(atWork, 3, 'LEASED', { leaseExpiresAt: at(60) });
    const event = (sequence: number, type: string, more: object) => put(old, 'Event', { experimentId: experiment.id, sequence, type, jobId: job.id, data: '{}', createdAt: at(sequence), ...more });
    await event(1, 'job_initialized', { actorId: 'somebody' });
    // It came back once, and went again.
    await event(2, 'device_replaced', { deviceId: silent, data: JSON.stringify({ reason: 'x', substitute: failed }) });
    await event(3, 'device_replaced', { deviceId: failed, data: JSON.stringify({ reason: 'battery low', substitute: null }) });
    await event(4, 'device_replaced', { deviceId: silent, data: JSON.stringify({ reason: 'its lease lapsed', substitute }) });
    await event(5, 'job_aggregation_in_progress', {});
    await old.close();

    const { prisma } = await open(url);
    expect(await prisma.job.findFirstOrThrow()).toMatchObject({ createdById: 'somebody', aggregationStartedAt: at(5) });
    const rows = await prisma.jobDevice.findMany({ orderBy: { position: 'asc' } });
    expect(rows).toMatchObject([
      { deviceId: failed, cause: 'REPORTED', endedAt: at(3), replacedById: null, replacesId: null, drawnAt: NOW },
      { deviceId: silent, cause: 'LEASE_EXPIRED', endedAt: at(4), replacedById: substitute, drawnAt: NOW },
      { deviceId: substitute, cause: null, endedAt: null, replacedById: null, replacesId: silent, drawnAt: at(4) },
      { deviceId: atWork, cause: null, heartbeatAt: NOW, drawnAt: NOW },
    ]);
    expect((await prisma.device.findMany()).map(({ id, seenAt }) => [id, seenAt]).filter(([, seenAt]) => seenAt)).toEqual([[atWork, at(50)]]);
  });
});
