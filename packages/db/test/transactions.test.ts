import { eventually } from '@vergeai/testkit';
import { describe, expect, test } from 'vitest';
import { freshDatabase, KINDS } from './databases.js';
import { newExperiment, newJob, newModel, newProject, newUser } from './rows.js';

describe.each(KINDS)('on %s', (kind) => {
  test('fifty atomic increments at once all count', async () => {
    const { prisma } = await freshDatabase(kind);
    const project = await prisma.project.create({ data: newProject() });
    const { id } = await prisma.experiment.create({ data: newExperiment({ projectId: project.id }) });
    await Promise.all(Array.from({ length: 50 }, () => prisma.experiment.update({ where: { id }, data: { version: { increment: 1 } } })));
    expect(await prisma.experiment.findUnique({ where: { id } })).toMatchObject({ version: 50 });
  });

  test('a write on condition of the state that was read succeeds for exactly one of many', async () => {
    const { prisma } = await freshDatabase(kind);
    const project = await prisma.project.create({ data: newProject() });
    const { id } = await prisma.experiment.create({ data: newExperiment({ projectId: project.id }) });
    const counts = await Promise.all(
      Array.from({ length: 30 }, () =>
        prisma.$transaction(async (tx) => {
          const { version } = await tx.experiment.findUniqueOrThrow({ where: { id } });
          const { count } = await tx.experiment.updateMany({ where: { id, version: 0 }, data: { version: version + 1 } });
          return count;
        }),
      ),
    );
    expect(counts.reduce((sum, count) => sum + count)).toBe(1);
    expect(await prisma.experiment.findUnique({ where: { id } })).toMatchObject({ version: 1 });
  });

  test('the quorum of a job is reached by exactly one of many updates', async () => {
    const { prisma } = await freshDatabase(kind);
    const project = await prisma.project.create({ data: newProject() });
    const experiment = await prisma.experiment.create({ data: newExperiment({ projectId: project.id }) });
    const where = { projectId: project.id, experimentId: experiment.id };
    const model = await prisma.storedModel.create({ data: newModel(where) });
    const { id } = await prisma.job.create({ data: newJob({ ...where, status: 'IN_PROGRESS', startModelId: model.id, numDevices: 20 }) });

    const closedIt = await Promise.all(
      Array.from({ length: 30 }, () =>
        prisma.$transaction(async (tx) => {
          const { count } = await tx.job.updateMany({
            where: { id, status: 'IN_PROGRESS', updatesReceived: { lt: 20 } },
            data: { updatesReceived: { increment: 1 } },
          });
          if (count === 0) return false;
          const closed = await tx.job.updateMany({
            where: { id, status: 'IN_PROGRESS', updatesReceived: 20 },
            data: { status: 'AGGREGATION_IN_PROGRESS', version: { increment: 1 } },
          });
          return closed.count === 1;
        }),
      ),
    );
    expect(closedIt.filter(Boolean)).toHaveLength(1);
    expect(await prisma.job.findUnique({ where: { id } })).toMatchObject({ status: 'AGGREGATION_IN_PROGRESS', updatesReceived: 20, version: 1 });
  });

  test('one live job per experiment, whoever comes at once', async () => {
    const database = await freshDatabase(kind);
    const { prisma } = database;
    const project = await prisma.project.create({ data: newProject() });
    const experiment = await prisma.experiment.create({ data: newExperiment({ projectId: project.id }) });
    const where = { projectId: project.id, experimentId: experiment.id };
    const model = await prisma.storedModel.create({ data: newModel(where) });

    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, () => prisma.job.create({ data: newJob({ ...where, status: 'IN_PROGRESS', startModelId: model.id }) })),
    );
    const refusals = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    expect(refusals).toHaveLength(19);
    expect(refusals.every(database.isUniqueViolation)).toBe(true);
    expect(refusals.some(database.isBusy)).toBe(false);
  });

  test('a transaction that takes too long is undone, reported as busy, and lets the next one in', async () => {
    const database = await freshDatabase(kind, { transaction: { timeout: 50 } });
    const { prisma } = database;
    const slow = newProject();

    const outcome = prisma.$transaction(async (tx) => {
      await tx.project.create({ data: slow });
      const isOver = () => tx.user.count().then(() => false, () => true);
      await eventually('its time is up', isOver);
      await tx.user.create({ data: newUser() });
    });
    const refusal = outcome.catch((error: unknown) => error);
    // Queued behind the slow one on SQLite: it gets its turn only if the timeout has given the lock back.
    await prisma.$transaction(async (tx) => void (await tx.project.create({ data: newProject() })), { timeout: 10_000 });
    expect(await refusal).toSatisfy(database.isBusy);

    expect(await prisma.project.findMany({ where: { id: slow.id } })).toEqual([]);
    expect(await prisma.user.count()).toBe(0);
  });

  test('a transaction that cannot begin in time is reported as busy and leaves nothing behind', async () => {
    const database = await freshDatabase(kind, { poolSize: 1 });
    const { prisma } = database;
    let proceed!: () => void;
    const blocked = new Promise<void>((resolve) => (proceed = resolve));
    let begun!: () => void;
    const hasBegun = new Promise<void>((resolve) => (begun = resolve));

    const first = prisma.$transaction(async (tx) => {
      begun();
      await tx.project.create({ data: newProject() });
      await blocked;
    });
    await hasBegun;
    const late = prisma.$transaction(async (tx) => void (await tx.project.create({ data: newProject() })), { maxWait: 30 });
    await expect(late).rejects.toSatisfy(database.isBusy);
    proceed();
    await first;

    await prisma.project.create({ data: newProject() });
    expect(await prisma.project.count()).toBe(2);
  });

  test('a transaction inside a transaction undoes only itself', async () => {
    const { prisma } = await freshDatabase(kind);
    const [outer, inner, last] = [newProject({ name: 'outer' }), newProject({ name: 'inner' }), newProject({ name: 'last' })];
    await prisma.$transaction(async (tx) => {
      await tx.project.create({ data: outer });
      const nested = (tx as typeof prisma).$transaction(async (deeper) => {
        await deeper.project.create({ data: inner });
        throw new Error('undo');
      });
      await expect(nested).rejects.toThrow('undo');
      await tx.project.create({ data: last });
    });
    expect((await prisma.project.findMany()).map(({ name }) => name).toSorted()).toEqual(['last', 'outer']);
  });

  test('a list of writes takes effect as one', async () => {
    const { prisma } = await freshDatabase(kind);
    const twin = newProject();
    await expect(
      prisma.$transaction([prisma.project.create({ data: newProject() }), prisma.project.create({ data: twin }), prisma.project.create({ data: twin })]),
    ).rejects.toMatchObject({ code: 'P2002' });
    expect(await prisma.project.count()).toBe(0);
  });

  test('nested writes take effect as one', async () => {
    const { prisma } = await freshDatabase(kind);
    const user = await prisma.user.create({ data: newUser() });
    const member = { userId: user.id, level: 100, createdAt: new Date() };
    await expect(prisma.project.create({ data: { ...newProject(), members: { create: [member, member] } } })).rejects.toMatchObject({ code: 'P2002' });
    await prisma.project.create({ data: { ...newProject(), members: { create: [member] } } });
    expect(await prisma.project.count()).toBe(1);
    expect(await prisma.member.count()).toBe(1);
  });
});

test('a statement that would end the transactions of others is refused', async () => {
  const { prisma } = await freshDatabase('sqlite');
  for (const sql of ['COMMIT', 'ROLLBACK', 'BEGIN', 'SAVEPOINT a', 'release a', 'END']) {
    await expect(prisma.$executeRawUnsafe(sql)).rejects.toThrow('$transaction');
  }
  await prisma.project.create({ data: newProject() });
});
