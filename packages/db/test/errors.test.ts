import Database from 'better-sqlite3';
import { Client } from 'pg';
import { describe, expect, test } from 'vitest';
import { isBusy, isFull, isUnavailable, isUniqueViolation, type HotStatement } from '../src/index.js';
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

  test('a database that may not grow is full, and nothing else, however it is written to', async () => {
    const { prisma, write } = await freshDatabase('sqlite');
    // On the connection that writes.
    await write([{ sql: 'PRAGMA max_page_count = 1', params: [] }]);
    const large = () => newProject({ name: 'x'.repeat(500_000) });
    const insertion = ({ id, name, createdAt }: ReturnType<typeof newProject>): HotStatement => ({
      sql: 'INSERT INTO "Project" ("id", "name", "createdAt") VALUES (?, ?, ?)',
      params: [id, name, createdAt],
    });
    const attempts = [
      prisma.project.create({ data: large() }),
      prisma.$transaction((tx) => tx.project.create({ data: large() })),
      write([insertion(large())]),
    ];
    for (const error of await Promise.all(attempts.map(errorOf))) {
      expect(error).toSatisfy(isFull);
      expect([isBusy(error), isUnavailable(error)]).toEqual([false, false]);
    }
    expect(await prisma.project.count()).toBe(0);
  });
});

/** What PostgreSQL says of itself is raised as it would raise it. */
const raise = (code: string) => `DO $$ BEGIN RAISE EXCEPTION 'raised by a test' USING ERRCODE = '${code}'; END $$`;

describe('on postgresql', () => {
  test.each([
    ['53100', 'a full disk', isFull],
    ['53200', 'no memory', isBusy],
    ['53300', 'too many clients', isBusy],
    ['53400', 'a limit of its configuration', isBusy],
    ['25006', 'a standby, which takes no writes', isUnavailable],
    ['57P01', 'shutting down', isUnavailable],
    ['57P02', 'a crash of another connection', isUnavailable],
    ['57P03', 'starting', isUnavailable],
    ['57P05', 'an idle session that it ended', isUnavailable],
    ['58030', 'an error of its disk', isUnavailable],
  ])('%s, %s, is known however it comes', async (code, _what, isIt) => {
    const { prisma, write } = await freshDatabase('postgresql');
    const attempts = [
      prisma.$executeRawUnsafe(raise(code)),
      prisma.$transaction((tx) => tx.$executeRawUnsafe(raise(code))),
      write([{ sql: raise(code), params: [] }]),
    ];
    for (const error of await Promise.all(attempts.map(errorOf))) {
      expect(error).toSatisfy(isIt);
      expect([isFull(error), isBusy(error), isUnavailable(error)].filter(Boolean)).toEqual([true]);
    }
  });

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

  test('a statement that takes its time is not taken for a server that does not answer', async () => {
    const { hot } = await freshDatabase('postgresql');
    expect(await hot.all(text('SELECT 1 AS "one" FROM pg_sleep(6)'), [])).toEqual([{ one: 1 }]);
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
