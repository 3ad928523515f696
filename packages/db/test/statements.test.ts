import { describe, expect, test } from 'vitest';
import { beginsWith, build, contains, insert, query, queryOf, statement, statementOf, UnexpectedChanges } from '../src/index.js';
import { freshDatabase, KINDS } from './databases.js';
import { newExperiment, newId, newProject, NOW } from './rows.js';

const versionOf = query((at: { id: string; createdAt: Date }) =>
  build.selectFrom('Experiment').select(['version', 'isActive']).where('id', '=', at.id).where('createdAt', '=', at.createdAt));

const countUp = statement((at: { id: string; version: number; now: Date }) =>
  build
    .updateTable('Experiment')
    .set((row) => ({ version: row('version', '+', 1), isActive: true, updatedAt: at.now }))
    .where('id', '=', at.id)
    .where('version', '=', at.version), 1);

describe.each(KINDS)('a statement that was built, on %s', (kind) => {
  test('finds by each value it is asked with, though its text was made once', async () => {
    const { prisma, hot } = await freshDatabase(kind);
    const { id: projectId } = await prisma.project.create({ data: newProject() });
    const [one, two] = await Promise.all([1, 2].map((version) => prisma.experiment.create({ data: newExperiment({ projectId, isActive: false, version }) })));
    expect(await hot.get(versionOf, { id: one!.id, createdAt: NOW })).toEqual({ version: 1, isActive: false });
    expect(await hot.get(versionOf, { id: two!.id, createdAt: NOW })).toEqual({ version: 2, isActive: false });
    expect(await hot.all(versionOf, { id: two!.id, createdAt: new Date(0) })).toEqual([]);
  });

  test('changes a row only as often as it is still what it says, by itself and within a transaction of Prisma', async () => {
    const { prisma, write, run } = await freshDatabase(kind);
    const { id: projectId } = await prisma.project.create({ data: newProject() });
    const { id } = await prisma.experiment.create({ data: newExperiment({ projectId, isActive: false, version: 1 }) });
    const now = new Date(NOW.getTime() + 1);
    await write([countUp({ id, version: 1, now })]);
    await expect(write([countUp({ id, version: 1, now })])).rejects.toBeInstanceOf(UnexpectedChanges);
    expect(await prisma.$transaction((tx) => run(tx, countUp({ id, version: 2, now })))).toBe(1);
    await expect(prisma.$transaction((tx) => run(tx, countUp({ id, version: 2, now })))).rejects.toBeInstanceOf(UnexpectedChanges);
    expect(await prisma.experiment.findUniqueOrThrow({ where: { id } })).toMatchObject({ version: 3, isActive: true, updatedAt: now });
  });

  test('finds a part of a text letter for letter, whatever its letters mean in a pattern, and however many texts it is asked with', async () => {
    const { prisma, hot } = await freshDatabase(kind);
    const { id: projectId } = await prisma.project.create({ data: newProject() });
    const names = ['a%b', 'a_b', 'a\\b', 'axb', "a'b", 'größe', null];
    for (const searchName of names) await prisma.experiment.create({ data: newExperiment({ projectId, searchName }) });
    const found = async (what: typeof contains, part: string) => {
      const rows = await hot.all(queryOf(build.selectFrom('Experiment as e').select('e.searchName').where((e) => what(e.ref('e.searchName'), part)).where('e.createdAt', '=', NOW)), {});
      return rows.map(({ searchName }) => searchName);
    };
    for (const name of names.filter((each) => each !== null)) {
      expect([await found(contains, name), await found(beginsWith, name), await found(contains, name.slice(1)), await found(beginsWith, name.slice(1))]).toEqual([[name], [name], [name], []]);
    }
    for (let at = 0; at < 600; at++) expect(await found(contains, `nothing ${at}`)).toEqual([]);
    expect((await found(contains, '')).length).toBe(6);
  });

  test('writes times, states and large numbers within a transaction of Prisma as it does by itself', async () => {
    const { prisma, write, run } = await freshDatabase(kind);
    const { id: projectId } = await prisma.project.create({ data: newProject() });
    const { id: experimentId } = await prisma.experiment.create({ data: newExperiment({ projectId }) });
    const size = 9_007_199_254_740_993n;
    const model = { projectId, experimentId, kind: 'UPDATE', format: 'JSON', size, sha256: 'a'.repeat(64), blobKey: 'blob', createdAt: NOW } as const;
    const [alone, within] = [newId(), newId()];
    await write([insert('StoredModel', { ...model, id: alone, jobId: alone, deviceId: alone })]);
    await prisma.$transaction((tx) => run(tx, insert('StoredModel', { ...model, id: within, jobId: within, deviceId: within })));
    const row = (id: string) => prisma.storedModel.findUniqueOrThrow({ where: { id } });
    expect(await row(within)).toEqual({ ...(await row(alone)), id: within, jobId: within, deviceId: within });
  });

  test('whose text depends on what is changed takes its values all the same', async () => {
    const { prisma, write } = await freshDatabase(kind);
    const { id } = await prisma.project.create({ data: newProject() });
    await write([statementOf(build.updateTable('Project').set({ name: 'new', description: null }).where('id', '=', id), 1)]);
    expect(await prisma.project.findUniqueOrThrow({ where: { id } })).toMatchObject({ name: 'new', description: null });
  });
});

test('a table, a column or a state that the schema does not have does not compile', () => {
  // @ts-expect-error no such table
  void (() => build.selectFrom('Jobs').selectAll());
  // @ts-expect-error no such column
  void (() => build.updateTable('Job').set({ state: 'FAILED' }));
  // @ts-expect-error no such state
  void (() => build.updateTable('Job').set({ status: 'DONE' }));
  expect(versionOf.sql).toBe('select "version", "isActive" from "Experiment" where "id" = ? and "createdAt" = ?');
});
