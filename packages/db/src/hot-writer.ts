import type { HotParameter } from './hot-reader.js';
import type { Transaction } from './transaction.js';

/** A statement that gives no rows. Its text is written like that of a hot query: see HotReader. */
export interface HotStatement {
  readonly sql: string;
  readonly params: readonly HotParameter[];
  /** How many rows it has to change. When it changes another number, none of the statements takes effect. */
  readonly changes?: number;
}

/** A statement did not change the rows it was expected to: what its caller had read before is not so any more. */
export class UnexpectedChanges extends Error {
  override readonly name = 'UnexpectedChanges';
  readonly statement: HotStatement;

  constructor(statement: HotStatement, changed: number) {
    super(`${changed} rows were changed instead of ${statement.changes}: ${statement.sql}`);
    this.statement = statement;
  }
}

/** @throws UnexpectedChanges */
export function requireChanges(statement: HotStatement, changed: number): void {
  if (statement.changes !== undefined && changed !== statement.changes) throw new UnexpectedChanges(statement, changed);
}

/**
 * Runs a few statements that are known beforehand as one transaction, past most of Prisma and its cost: for the writes
 * that clients make in numbers. On SQLite it takes no turn of its own, so that many share one fsync.
 *
 * Resolves once all of it is on disk; rejects when any of it fails, and then nothing of it is there. The errors are
 * UnexpectedChanges and those that isUniqueViolation and its like know.
 */
export type HotWriter = (statements: readonly HotStatement[]) => Promise<void>;

/** Runs such a statement within an open transaction, and tells how many rows it changed. @throws UnexpectedChanges */
export type StatementRunner = (tx: Transaction, statement: HotStatement) => Promise<number>;

/** @param textOf the statement's text as the database wants it */
export const statementRunner =
  (textOf: (sql: string) => string): StatementRunner =>
  async (tx, statement) => {
    const changed = await tx.$executeRawUnsafe(textOf(statement.sql), ...statement.params);
    requireChanges(statement, changed);
    return changed;
  };
