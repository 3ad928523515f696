import { describe, expect, test, vi } from 'vitest';
import { insert, UnexpectedChanges } from '../src/index.js';
import { freshDatabase, KINDS } from './databases.js';
import { newId, newProject, NOW } from './rows.js';

const newExperiment = (row: { projectId: string; isActive?: boolean; version?: number }) => ({
  id: newId(),
  hyperparameters: '{}',
  isActive: true,
  version: 0,
  nextJobSequence: 1,
  nextEventSequence: 2,
  createdAt: NOW,
  updatedAt: NOW,
  ...row,
});

const firstEvent = (experimentId: string) =>
  insert('Event', { experimentId, sequence: 1, type: 'created', jobId: null, deviceId: null, actorId: 'a', keyId: 'k', data: '{}', createdAt: NOW });

describe.each(KINDS)('on %s', (kind) => {
  test('what is written is what Prisma would have written', async () => {
    const { prisma, write } = await freshDatabase(kind);
    const { id: projectId } = await prisma.project.create({ data: newProject() });
    const experiment = newExperiment({ projectId, isActive: true, version: 7 });
    const answer = { principal: 'a', key: 'b', requestHash: 'c', answer: new Uint8Array([0, 1, 255]), createdAt: NOW, expiresAt: NOW };
    await write([insert('Experiment', experiment), firstEvent(experiment.id), insert('IdempotentAnswer', answer)]);

    expect(await prisma.experiment.findUniqueOrThrow({ where: { id: experiment.id }, include: { events: true } })).toMatchObject({
      ...experiment,
      events: [{ sequence: 1, jobId: null, createdAt: NOW }],
    });
    const stored = await prisma.idempotentAnswer.findFirstOrThrow();
    expect({ ...stored, answer: [...stored.answer] }).toEqual({ ...answer, answer: [0, 1, 255] });
  });

  test('when one statement fails, none of them is there, and those of others are', async () => {
    const { prisma, write, isUniqueViolation } = await freshDatabase(kind);
    const { id: projectId } = await prisma.project.create({ data: newProject() });
    const [kept, refused, alsoKept] = [newExperiment({ projectId }), newExperiment({ projectId }), newExperiment({ projectId })];
    const results = await Promise.allSettled([
      write([insert('Experiment', kept), firstEvent(kept.id)]),
      write([insert('Experiment', refused), firstEvent(refused.id), firstEvent(refused.id)]),
      write([insert('Experiment', alsoKept), firstEvent(alsoKept.id)]),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(isUniqueViolation((results[1] as PromiseRejectedResult).reason)).toBe(true);
    const ids = await prisma.experiment.findMany({ select: { id: true } });
    expect(new Set(ids.map(({ id }) => id))).toEqual(new Set([kept.id, alsoKept.id]));
    expect(await prisma.event.count()).toBe(2);
  });

  test('when one statement changes other rows than it has to, none of them is there, and those of others are', async () => {
    const { prisma, write } = await freshDatabase(kind);
    const { id: projectId } = await prisma.project.create({ data: newProject() });
    const [kept, refused] = [newExperiment({ projectId }), newExperiment({ projectId })];
    const countUp = (id: string, version: number) => ({ sql: 'UPDATE "Experiment" SET "version" = "version" + 1 WHERE "id" = ? AND "version" = ?', params: [id, version], changes: 1 });
    const results = await Promise.allSettled([
      write([insert('Experiment', kept), countUp(kept.id, 0)]),
      write([insert('Experiment', refused), countUp(refused.id, 1)]),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect((results[1] as PromiseRejectedResult).reason).toBeInstanceOf(UnexpectedChanges);
    expect(await prisma.experiment.findMany({ select: { id: true, version: true } })).toEqual([{ id: kept.id, version: 1 }]);
  });

  test('a parent that is missing is told apart', async () => {
    const { write, isMissingParent, isUniqueViolation, isBusy } = await freshDatabase(kind);
    const error: unknown = await write([insert('Experiment', newExperiment({ projectId: 'f'.repeat(32) }))]).catch((reason: unknown) => reason);
    expect([isMissingParent(error), isUniqueViolation(error), isBusy(error)]).toEqual([true, false, false]);
  });

  test('a thousand at once are all there once they are acknowledged', async () => {
    const { prisma, write } = await freshDatabase(kind);
    const { id: projectId } = await prisma.project.create({ data: newProject() });
    const rows = Array.from({ length: kind === 'sqlite' ? 1000 : 50 }, () => newExperiment({ projectId }));
    await Promise.all(rows.map((row) => write([insert('Experiment', row), firstEvent(row.id)])));
    expect([await prisma.experiment.count(), await prisma.event.count()]).toEqual([rows.length, rows.length]);
  });
});

test('on postgresql a connection that breaks within a transaction costs that write and nothing else', async () => {
  const { prisma, write, isUnavailable } = await freshDatabase('postgresql');
  const { id } = await prisma.project.create({ data: newProject() });
  const rename = (name: string) => write([{ sql: 'UPDATE "Project" SET "name" = ? WHERE "id" = ?', params: [name, id], changes: 1 }]);
  const endWhoWaits = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  const error = await prisma.$transaction(async (tx) => {
    await tx.project.update({ where: { id }, data: { description: 'held' } });
    const broken = rename('broken').catch((reason: unknown) => reason);
    await vi.waitUntil(async () => (await prisma.$executeRawUnsafe(endWhoWaits)) > 0, 30_000);
    return await broken;
  });
  expect(isUnavailable(error)).toBe(true);
  await rename('after');
  expect(await prisma.project.findUniqueOrThrow({ where: { id } })).toMatchObject({ name: 'after', description: 'held' });
});
