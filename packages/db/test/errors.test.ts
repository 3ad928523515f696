import Database from 'better-sqlite3';
import { Client } from 'pg';
import { describe, expect, test } from 'vitest';
import { isBusy, isUnavailable, isUniqueViolation } from '../src/index.js';
import { emptyDatabase, freshDatabase, KINDS, open, temporaryFile } from './databases.js';
import { newProject } from './rows.js';
import { text } from './text.js';

const errorOf = async (attempt: Promise<unknown>): Promise<unknown> => {
  try {
    await attempt;
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
};

describe.each(KINDS)('on %s', (kind) => {
  test('a taken key is a unique violation, from Prisma and from raw SQL', async () => {
    const { prisma } = await freshDatabase(kind);
    const project = newProject();
    await prisma.project.create({ data: project });
    const insert = prisma.$executeRawUnsafe(`INSERT INTO "Project" SELECT * FROM "Project"`);
    for (const error of [await errorOf(prisma.project.create({ data: project })), await errorOf(insert)]) {
      expect(error).toSatisfy(isUniqueViolation);
      expect(error).not.toSatisfy(isBusy);
    }
  });

  test('a mistake is neither', async () => {
    const { prisma } = await freshDatabase(kind);
    for (const error of [await errorOf(prisma.$queryRawUnsafe('SELECT nonsense')), await errorOf(prisma.project.create({ data: newProject({ id: 'x' }) })), undefined, null, 'text']) {
      expect([isUniqueViolation(error), isBusy(error), isUnavailable(error)]).toEqual([false, false, false]);
    }
  });
});

describe('on sqlite', () => {
  test('a lock that another process keeps is busy; afterwards all is well', async () => {
    const file = temporaryFile();
    const { prisma } = await open(`file:${file}`, { busyTimeoutMs: 30 });
    const other = new Database(file);
    other.exec('BEGIN IMMEDIATE');
    const attempts = [prisma.project.create({ data: newProject() }), prisma.$transaction((tx) => tx.project.create({ data: newProject() }))];
    for (const error of await Promise.all(attempts.map(errorOf))) expect(error).toSatisfy(isBusy);
    expect(await prisma.project.count(), 'reads are not held up').toBe(0);
    other.close();
    await prisma.project.create({ data: newProject() });
  });
});

describe('on postgresql', () => {
  test('a lock, a deadlock and a conflict are busy', async () => {
    const { prisma } = await freshDatabase('postgresql', { lockTimeoutMs: 50 });
    const [a, b] = [await prisma.project.create({ data: newProject() }), await prisma.project.create({ data: newProject() })];
    await prisma.$transaction(async (tx) => {
      await tx.project.update({ where: { id: a.id }, data: { name: 'locked' } });
      expect(await errorOf(prisma.project.update({ where: { id: a.id }, data: { name: 'other' } }))).toSatisfy(isBusy);
    });

    const conflict = prisma.$transaction(
      async (tx) => {
        await tx.project.findMany();
        await prisma.project.update({ where: { id: b.id }, data: { name: 'first' } });
        await tx.project.update({ where: { id: b.id }, data: { name: 'second' } });
      },
      { isolationLevel: 'Serializable' },
    );
    expect(await errorOf(conflict)).toSatisfy(isBusy);
  });

  test('a statement that takes too long is busy', async () => {
    const { prisma, hot } = await freshDatabase('postgresql', { statementTimeoutMs: 500 });
    expect(await errorOf(prisma.$queryRaw`SELECT pg_sleep(10)::text`)).toSatisfy(isBusy);
    expect(await errorOf(Promise.resolve(hot.all(text('SELECT pg_sleep(10)'), [])))).toSatisfy(isBusy);
  });

  test('no free connection is busy', async () => {
    const { prisma, hot } = await freshDatabase('postgresql', { poolSize: 1, transaction: { maxWait: 1_500, timeout: 20_000 } });
    await prisma.$transaction(async (tx) => {
      await tx.project.count();
      expect(await errorOf(prisma.project.count())).toSatisfy(isBusy);
      expect(await errorOf(Promise.resolve(hot.all(text('SELECT 1 AS "one"'), [])))).toSatisfy(isBusy);
    });
  });

  test('a connection that the server cuts is unavailable, and the next query gets another', async () => {
    const url = await emptyDatabase('postgresql');
    const lost: Error[] = [];
    const { prisma } = await open(url, { onConnectionError: (error) => lost.push(error) });
    const admin = new Client({ connectionString: url });
    await admin.connect();
    const cutOthers = () => admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()');

    const inTransaction = prisma.$transaction(async (tx) => {
      await tx.project.create({ data: newProject() });
      await cutOthers();
      await tx.project.create({ data: newProject() });
    });
    expect(await errorOf(inTransaction)).toSatisfy(isUnavailable);
    expect(await prisma.project.count()).toBe(0);
    await admin.end();
  });
});
