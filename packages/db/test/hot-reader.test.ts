import { describe, expect, test } from 'vitest';
import { insert } from '../src/index.js';
import { numberParameters } from '../src/postgresql/question-marks.js';
import { onePlan } from '../src/sqlite/one-plan.js';
import { freshDatabase, KINDS } from './databases.js';
import { newExperiment, newModel, newProject, newUser, NOW } from './rows.js';
import { text } from './text.js';

describe.each(KINDS)('on %s', (kind) => {
  test('every type of column comes back as it went in', async () => {
    const { prisma, hot } = await freshDatabase(kind);
    const project = await prisma.project.create({ data: newProject() });
    const experiment = await prisma.experiment.create({ data: newExperiment({ projectId: project.id, isActive: false, version: 7 }) });
    const size = 9_007_199_254_740_993n;
    const { id } = await prisma.storedModel.create({ data: newModel({ projectId: project.id, experimentId: experiment.id, size }) });
    await prisma.idempotentAnswer.create({
      data: { principal: 'a', key: 'b', requestHash: 'c', answer: new Uint8Array([0, 1, 255]), createdAt: NOW, expiresAt: NOW },
    });

    expect(await hot.get(text('SELECT "name", "isActive", "version", "createdAt" FROM "Experiment" WHERE "id" = ?'), [experiment.id])).toEqual({
      name: null,
      isActive: false,
      version: 7,
      createdAt: NOW,
    });
    expect(
      await hot.all(
        text('SELECT m."size", m."kind", m."createdAt" AS "at", e."version", e."isActive" FROM "StoredModel" m JOIN "Experiment" e ON e."id" = m."experimentId" WHERE m."id" = ?'),
        [id],
      ),
    ).toEqual([{ size, kind: 'START', at: NOW, version: 7, isActive: false }]);
    const answer = await hot.get(text<{ answer: Uint8Array }>('SELECT "answer" FROM "IdempotentAnswer"'), []);
    expect([...answer!.answer]).toEqual([0, 1, 255]);
    expect(await hot.get(text('SELECT CAST(count(*) AS INTEGER) AS "count" FROM "Project"'), [])).toEqual({ count: 1 });
    expect(await hot.get(text('SELECT "id" FROM "Project" WHERE "id" = ?'), ['none'])).toBeUndefined();
  });

  test('parameters of every type find the row they were written with', async () => {
    const { prisma, hot } = await freshDatabase(kind);
    const project = await prisma.project.create({ data: newProject() });
    const experiment = await prisma.experiment.create({ data: newExperiment({ projectId: project.id, isActive: true, version: 3 }) });
    await prisma.storedModel.create({ data: newModel({ projectId: project.id, experimentId: experiment.id, size: 10n }) });

    const found = await hot.all(
      text('SELECT e."id" FROM "Experiment" e JOIN "StoredModel" m ON m."experimentId" = e."id" WHERE e."isActive" = ? AND e."version" = ? AND e."createdAt" = ? AND m."size" = ? AND e."id" <> \'?\' AND m."createdAt" < ?'),
      [true, 3, NOW, 10n, new Date(NOW.getTime() + 1)],
    );
    expect(found).toEqual([{ id: experiment.id }]);
  });

  test('a write is seen as soon as it is acknowledged, whatever was read in the same turn of the event loop', async () => {
    const { hot, write } = await freshDatabase(kind);
    const ids = async () => hot.all(text('SELECT "id" FROM "User"'), []);
    for (let written = 1; written <= 20; written++) {
      // Runs before the writer, which waits for the same moment.
      setImmediate(() => void ids());
      await write([insert('User', { id: newUser().id, isServerAdmin: false, createdAt: NOW })]);
      expect(await ids()).toHaveLength(written);
    }
  });

  test('a time is the same instant whatever the zone of this machine', async () => {
    const before = process.env['TZ'];
    process.env['TZ'] = 'America/St_Johns';
    try {
      const { prisma, hot } = await freshDatabase(kind);
      const { id } = await prisma.user.create({ data: newUser() });
      expect(await hot.get(text('SELECT "createdAt" FROM "User" WHERE "createdAt" = ?'), [NOW])).toEqual({ createdAt: NOW });
      expect(await prisma.user.findUnique({ where: { id } })).toMatchObject({ createdAt: NOW });
    } finally {
      if (before === undefined) delete process.env['TZ'];
      else process.env['TZ'] = before;
    }
  });

  test('anything but a SELECT is refused', async () => {
    const { prisma, hot } = await freshDatabase(kind);
    await prisma.project.create({ data: newProject() });
    const remove = 'DELETE FROM "Project"';
    for (const sql of [remove, `WITH "gone" AS (SELECT 1) ${remove}`, `${remove} RETURNING "id"`]) {
      await expect((async () => await hot.all(text(sql), []))()).rejects.toThrow('must be a SELECT');
    }
    expect(await prisma.project.count()).toBe(1);
  });

  test('a parameter that was forgotten is refused', async () => {
    const { hot } = await freshDatabase(kind);
    const forgotten = undefined as unknown as string;
    await expect((async () => await hot.all(text('SELECT "id" FROM "Project" WHERE "id" = ?'), [forgotten]))()).rejects.toThrow(TypeError);
  });

  test('a row is found as soon as its write is acknowledged', async () => {
    const { prisma, hot } = await freshDatabase(kind);
    for (let round = 0; round < 20; round++) {
      const { id } = await prisma.project.create({ data: newProject() });
      expect(await hot.get(text('SELECT "id" FROM "Project" WHERE "id" = ?'), [id])).toEqual({ id });
    }
  });
});

test('only question marks that stand for a parameter are numbered', () => {
  expect(numberParameters(`SELECT '?', "a?", 'it''s ?' FROM t -- why?\n WHERE /* ? */ a = ? AND b = ?`)).toBe(
    `SELECT '?', "a?", 'it''s ?' FROM t -- why?\n WHERE /* ? */ a = $1 AND b = $2`,
  );
});

test('no bare parameter that SQLite would compile a text anew for is left in it, and no other text is changed', () => {
  expect(onePlan(`SELECT ' = ?', "a = ?", 'it''s = ?' FROM "t" WHERE "a" = ? AND "b" >= ? AND "c" in (?, ?) AND "d" > ? LIMIT ? OFFSET ?`)).toBe(
    `SELECT ' = ?', "a = ?", 'it''s = ?' FROM "t" WHERE "a" = coalesce(?, NULL) AND "b" >= coalesce(?, NULL) AND "c" in (?, ?) AND "d" > ? LIMIT coalesce(?, NULL) OFFSET coalesce(?, NULL)`,
  );
});
