import type { PrismaClient } from './generated/sqlite/client.js';
import type { HotReader } from './hot-reader.js';
import type { HotWriter, StatementRunner } from './hot-writer.js';

/** One COMMIT of SQLite that has succeeded. */
export interface Commit {
  /** How many transactions have shared it. */
  transactions: number;
  /** How long it took. */
  seconds: number;
}

/** Every option that has a default, with it filled in. Durations in milliseconds. */
export interface OpenOptions {
  transaction: { maxWait: number; timeout: number };
  onFatal: (error: Error) => void;
  onCommit: (commit: Commit) => void;
  onConnectionError: (error: Error) => void;
  busyTimeoutMs: number;
  maxBatchSize: number;
  maxBatchMs: number;
  poolSize: number;
  statementTimeoutMs: number;
  lockTimeoutMs: number;
  allowUnsafeFsync: boolean;
}

/** What both kinds of database open to. */
export interface OpenedDatabase {
  prisma: PrismaClient;
  hot: HotReader;
  write: HotWriter;
  run: StatementRunner;
  waiting: () => number;
  timeOfDay?: () => Promise<Date>;
  close: () => Promise<void>;
}
