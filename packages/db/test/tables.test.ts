import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler, type Insertable, type Selectable, type Updateable } from 'kysely';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { Tables } from '../src/index.js';

const statements = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

describe('a statement against the tables of the schema', () => {
  it('gives text and parameters, in the order they stand in it', () => {
    const { sql, parameters } = statements
      .updateTable('Job')
      .set((eb) => ({ status: 'AGGREGATION_IN_PROGRESS', version: eb('version', '+', 1) }))
      .where('id', '=', 'job')
      .where('status', '=', 'IN_PROGRESS')
      .whereRef('updatesReceived', '>=', 'numDevices')
      .compile();
    expect(sql).toBe(
      'update "Job" set "status" = ?, "version" = "version" + ? where "id" = ? and "status" = ? and "updatesReceived" >= "numDevices"',
    );
    expect(parameters).toEqual(['AGGREGATION_IN_PROGRESS', 1, 'job', 'IN_PROGRESS']);
  });

  it('does not compile with a table, a column, a state or a value that the schema does not know', () => {
    // @ts-expect-error no such table
    statements.selectFrom('Jobs').selectAll();
    // @ts-expect-error no such column
    statements.selectFrom('Job').select('state');
    // @ts-expect-error a state of the draw, not of the job
    statements.updateTable('Job').set({ status: 'LEASED' });
    // @ts-expect-error the wire's text, where the column is a time
    statements.selectFrom('Job').select('id').where('deadlineAt', '<', '2026-01-01T00:00:00Z');
    // @ts-expect-error a column that must be there is not
    statements.insertInto('UsedTicket').values({ id: 'ticket' });
    expectTypeOf(statements).not.toBeAny();
  });

  it('has every type of column as the code has it', () => {
    type JobRow = Selectable<Tables['Job']>;
    expectTypeOf<JobRow['createdAt']>().toEqualTypeOf<Date>();
    expectTypeOf<JobRow['endedAt']>().toEqualTypeOf<Date | null>();
    expectTypeOf<JobRow['billableSize']>().toEqualTypeOf<bigint | null>();
    expectTypeOf<JobRow['numDevices']>().toEqualTypeOf<number>();
    expectTypeOf<Selectable<Tables['JobDevice']>['state']>().toEqualTypeOf<'DRAWN' | 'LEASED' | 'SUBMITTED' | 'REPLACED'>();
    expectTypeOf<Selectable<Tables['Experiment']>['isActive']>().toEqualTypeOf<boolean>();
    expectTypeOf<Selectable<Tables['IdempotentAnswer']>['answer']>().toExtend<Uint8Array>();
    expectTypeOf<Selectable<Tables['JobUpdate']>['numExamples']>().toEqualTypeOf<number | null>();
  });

  it('may leave out what the database fills in, and nothing else', () => {
    type Entry = { action: string; createdAt: Date };
    expectTypeOf<Entry>().toExtend<Insertable<Tables['AuditEvent']>>();
    expectTypeOf<Selectable<Tables['AuditEvent']>['id']>().toEqualTypeOf<number>();
    expectTypeOf<Omit<Entry, 'createdAt'>>().not.toExtend<Insertable<Tables['AuditEvent']>>();
    expectTypeOf<{ deadlineAt: null }>().toExtend<Updateable<Tables['Job']>>();
  });
});
