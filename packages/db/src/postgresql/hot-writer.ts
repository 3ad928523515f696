import type { PrismaClient } from '../generated/postgresql/client.js';
import { requireChanges, type HotStatement, type HotWriter } from '../hot-writer.js';
import { numberQuestionMarks } from './question-marks.js';

/** Here Prisma's own transaction of raw statements is quick enough. */
export const postgresqlHotWriter =
  (prisma: PrismaClient): HotWriter =>
  async (statements) => {
    const run = (client: Pick<PrismaClient, '$executeRawUnsafe'>, { sql, params }: HotStatement) => client.$executeRawUnsafe(numberQuestionMarks(sql), ...params);
    // In one go, unless a count has to be looked at before the next statement.
    if (statements.every(({ changes }) => changes === undefined)) return void (await prisma.$transaction(statements.map((statement) => run(prisma, statement))));
    await prisma.$transaction(async (tx) => {
      for (const statement of statements) requireChanges(statement, await run(tx, statement));
    });
  };
