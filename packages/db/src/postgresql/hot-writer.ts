import type { PrismaClient } from '../generated/postgresql/client.js';
import type { HotWriter } from '../hot-writer.js';
import { numberQuestionMarks } from './question-marks.js';

/** Here Prisma's own transaction of raw statements is quick enough. */
export const postgresqlHotWriter =
  (prisma: PrismaClient): HotWriter =>
  async (statements) => {
    await prisma.$transaction(statements.map(({ sql, params }) => prisma.$executeRawUnsafe(numberQuestionMarks(sql), ...params)));
  };
