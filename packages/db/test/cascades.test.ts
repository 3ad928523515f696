import { describe, expect, test } from 'vitest';
import type { Database } from '../src/index.js';
import { freshDatabase, KINDS } from './databases.js';
import { newDevice, newExperiment, newId, newJob, newModel, newProject, newSeries, newServerState, newSweep, newUser, NOW } from './rows.js';

/** A project in which every table that hangs on it has rows, and every reference is set. */
async function fullProject({ prisma }: Database): Promise<{ projectId: string; experimentId: string }> {
  const { id: userId } = await prisma.user.create({ data: newUser() });
  const { id: projectId } = await prisma.project.create({ data: newProject() });
  await prisma.member.create({ data: { projectId, userId, level: 100, createdAt: NOW } });
  const devices = [newDevice({ projectId }), newDevice({ projectId })];
  await prisma.device.createMany({ data: devices });
  await prisma.deviceLabel.create({ data: { deviceId: devices[0]!.id, label: 'gpu', projectId } });
  await prisma.apiKey.create({ data: { id: newId(), kind: 'DEVICE', deviceId: devices[0]!.id, secretHash: 'x', createdAt: NOW } });
  const { id: experimentId } = await prisma.experiment.create({ data: newExperiment({ projectId }) });
  const where = { projectId, experimentId };
  const start = await prisma.storedModel.create({ data: { ...newModel(where), layout: { create: { layout: '{}' } } } });

  let current = start;
  for (let round = 0; round < 3; round++) {
    const job = await prisma.job.create({ data: newJob({ ...where, startModelId: current.id }) });
    for (const [position, { id: deviceId }] of devices.entries()) {
      await prisma.jobDevice.create({ data: { jobId: job.id, deviceId, position, state: 'SUBMITTED' } });
      const model = await prisma.storedModel.create({ data: newModel({ ...where, kind: 'UPDATE', jobId: job.id, deviceId, parentId: current.id }) });
      await prisma.jobUpdate.create({ data: { jobId: job.id, deviceId, modelId: model.id, sha256: model.sha256, metrics: '{}', createdAt: NOW } });
      await prisma.jobReport.create({ data: { jobId: job.id, deviceId, first: 0, count: 1, bytes: 2, reports: '[]', createdAt: NOW } });
      await prisma.ticketMetrics.create({ data: { ticketId: newId(), jobId: job.id, deviceId, metrics: '{}', expiresAt: NOW } });
    }
    const aggregate = await prisma.storedModel.create({ data: newModel({ ...where, kind: 'AGGREGATE', jobId: job.id, parentId: current.id }) });
    await prisma.job.update({ where: { id: job.id }, data: { status: 'COMPLETED', endedAt: NOW, aggregateModelId: aggregate.id } });
    await prisma.event.create({ data: { experimentId, sequence: round, type: 'job.completed', jobId: job.id, data: '{}', createdAt: NOW } });
    await prisma.serverState.updateMany({ where: { experimentId }, data: { currentOfId: null } });
    await prisma.serverState.create({ data: newServerState({ ...where, modelId: aggregate.id, currentOfId: experimentId }) });
    current = aggregate;
  }
  await prisma.experiment.update({ where: { id: experimentId }, data: { startModelId: start.id, currentModelId: current.id } });
  await prisma.jobSeries.create({ data: newSeries({ experimentId }) });
  const { id: sweepId } = await prisma.sweep.create({ data: newSweep({ projectId }) });
  await prisma.sweepMember.create({ data: { sweepId, position: 1, experimentId, seriesId: newId(), hyperparameters: '{}' } });
  await prisma.experimentTag.create({ data: { experimentId, tag: 'a tag', projectId } });
  await prisma.experimentMetric.create({ data: { experimentId, position: 0, projectId, jobId: newId(), name: 'loss', value: 1 } });
  return where;
}

async function counts({ prisma }: Database): Promise<Record<string, number>> {
  return {
    projects: await prisma.project.count(),
    members: await prisma.member.count(),
    devices: await prisma.device.count(),
    labels: await prisma.deviceLabel.count(),
    keys: await prisma.apiKey.count(),
    experiments: await prisma.experiment.count(),
    jobs: await prisma.job.count(),
    jobDevices: await prisma.jobDevice.count(),
    updates: await prisma.jobUpdate.count(),
    reports: await prisma.jobReport.count(),
    tickets: await prisma.ticketMetrics.count(),
    models: await prisma.storedModel.count(),
    states: await prisma.serverState.count(),
    series: await prisma.jobSeries.count(),
    sweeps: await prisma.sweep.count(),
    sweepMembers: await prisma.sweepMember.count(),
    layouts: await prisma.modelLayout.count(),
    events: await prisma.event.count(),
    tags: await prisma.experimentTag.count(),
    metrics: await prisma.experimentMetric.count(),
  };
}

describe.each(KINDS)('on %s', (kind) => {
  test('deleting a project takes everything in it and nothing else', async () => {
    const database = await freshDatabase(kind);
    await fullProject(database);
    const alone = await counts(database);
    expect(Object.values(alone).every((count) => count > 0)).toBe(true);
    const { projectId } = await fullProject(database);
    await database.prisma.project.delete({ where: { id: projectId } });
    expect(await counts(database)).toEqual(alone);
  });

  test('deleting an experiment takes its jobs, models and events, and leaves the project', async () => {
    const database = await freshDatabase(kind);
    const { experimentId } = await fullProject(database);
    await database.prisma.experiment.delete({ where: { id: experimentId } });
    expect(await counts(database)).toEqual({
      projects: 1, members: 1, devices: 2, labels: 1, keys: 1, experiments: 0, jobs: 0, jobDevices: 0, updates: 0, reports: 0, tickets: 0, models: 0, layouts: 0, states: 0, series: 0, sweeps: 1, sweepMembers: 0, events: 0, tags: 0, metrics: 0,
    });
  });

  test('deleting a key takes its sessions and sign-in codes', async () => {
    const { prisma } = await freshDatabase(kind);
    const { id: userId } = await prisma.user.create({ data: newUser() });
    for (const id of ['one', 'other']) {
      await prisma.apiKey.create({ data: { id, kind: 'USER', userId, secretHash: 'x', createdAt: NOW } });
      const of = { keyId: id, keyHash: 'x', expiresAt: NOW };
      await prisma.session.create({ data: { ...of, id: newId(), tokenHash: newId() + newId(), createdAt: NOW, lastUsedAt: NOW } });
      await prisma.signInCode.create({ data: { ...of, codeHash: newId() + newId() } });
    }
    await prisma.apiKey.delete({ where: { id: 'one' } });
    expect(await prisma.session.findMany({ select: { keyId: true } })).toEqual([{ keyId: 'other' }]);
    expect(await prisma.signInCode.findMany({ select: { keyId: true } })).toEqual([{ keyId: 'other' }]);
  });

  test('a model that something still needs cannot be deleted', async () => {
    const { prisma } = await freshDatabase(kind).then(async (database) => (await fullProject(database), database));
    const { startModelId } = await prisma.experiment.findFirstOrThrow();
    await expect(prisma.storedModel.delete({ where: { id: startModelId! } })).rejects.toMatchObject({ code: 'P2003' });
    expect(await prisma.storedModel.count()).toBe(10);
  });
});
