import { describe, expect, test } from 'vitest';
import { openDatabase } from '../src/index.js';
import { emptyDatabase, KINDS, open, PATIENT } from './databases.js';
import { newProject } from './rows.js';
import { text } from './text.js';

// Prisma's own SQLite adapter has one connection: 100 creates acknowledged beside transactions that roll back left 45.
describe.each(KINDS)('on %s', (kind) => {
  test('creates that were acknowledged while other transactions rolled back are all there after reopening', async () => {
    const url = await emptyDatabase(kind);
    const first = await openDatabase({ url, allowUnsafeFsync: true, ...PATIENT });
    const acknowledged = new Set<string>();

    await Promise.all(
      Array.from({ length: 100 }, async (_, index) => {
        const kept = newProject({ name: 'kept' });
        const undone = newProject({ name: 'undone' });
        const [created, transaction] = await Promise.allSettled([
          first.prisma.project.create({ data: kept }),
          first.prisma.$transaction(async (tx) => {
            await tx.project.create({ data: undone });
            await tx.project.findMany({ take: 1 });
            throw new Error(`undo ${index}`);
          }),
        ]);
        if (created.status === 'fulfilled') acknowledged.add(kept.id);
        expect(transaction).toMatchObject({ status: 'rejected', reason: { message: `undo ${index}` } });
      }),
    );
    await first.close();

    const second = await open(url);
    const found = await second.prisma.project.findMany();
    expect(acknowledged.size).toBe(100);
    expect(new Set(found.map((project) => project.id))).toEqual(acknowledged);
  });

  test('a transaction that swallows the error of a statement is either kept whole or reported', async () => {
    const database = await open(await emptyDatabase(kind));
    const [first, twin] = [newProject(), newProject()];
    await database.prisma.project.create({ data: twin });

    const outcome = await database.prisma
      .$transaction(async (tx) => {
        await tx.project.create({ data: first });
        await tx.project.create({ data: twin }).catch(() => {});
      })
      .then(
        () => 'acknowledged',
        () => 'reported',
      );

    // SQLite undoes the statement, PostgreSQL everything: then it must not say that all is well.
    const there = (await database.prisma.project.count({ where: { id: first.id } })) === 1;
    expect(there).toBe(outcome === 'acknowledged');
  });

  test('a transaction sees its own writes and nobody else does before it ends', async () => {
    const database = await open(await emptyDatabase(kind));
    const project = newProject();

    await database.prisma.$transaction(async (tx) => {
      await tx.project.create({ data: project });
      expect(await tx.project.count()).toBe(1);
      // Outside of the transaction on purpose.
      expect(await database.prisma.project.count()).toBe(0);
      expect(await database.hot.all(text('SELECT "id" FROM "Project"'), [])).toEqual([]);
    });

    expect(await database.prisma.project.count()).toBe(1);
  });

  test('a write inside a query that looks like a read takes effect', async () => {
    const database = await open(await emptyDatabase(kind));
    const { id } = await database.prisma.project.create({ data: newProject() });

    const rows = await database.prisma.$queryRawUnsafe(`UPDATE "Project" SET "name" = 'new' WHERE "id" = '${id}' RETURNING "name"`);
    const common = await database.prisma.$queryRawUnsafe(
      `WITH "chosen" AS (SELECT '${id}' AS "id") UPDATE "Project" SET "description" = 'new' WHERE "id" IN (SELECT "id" FROM "chosen") RETURNING "description"`,
    );

    expect(rows).toEqual([{ name: 'new' }]);
    expect(common).toEqual([{ description: 'new' }]);
    expect(await database.prisma.project.findUnique({ where: { id } })).toMatchObject({ name: 'new', description: 'new' });
  });
});
