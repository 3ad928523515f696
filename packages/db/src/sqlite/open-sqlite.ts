import { PrismaClient } from '../generated/sqlite/client.js';
import { statementRunner } from '../hot-writer.js';
import type { OpenedDatabase, OpenOptions } from '../open-options.js';
import { sqliteAdapterFactory } from './adapter.js';
import { connect } from './connect.js';
import { sqliteHotReader } from './hot-reader.js';
import { sqliteHotWriter } from './hot-writer.js';
import { onePlan } from './one-plan.js';
import { ReadSnapshot } from './read-snapshot.js';
import { Writer } from './writer.js';

/** How long a read may block this thread: only while another process recovers the WAL after a crash. */
const READER_BUSY_MS = 1_000;

/** @throws DatabaseOpenError */
export function openSqlite(file: string, options: OpenOptions): OpenedDatabase {
  // Waiting for a lock is the writer's business, without blocking the thread.
  const writing = connect(file, { busyTimeoutMs: 0 });
  const reading = connect(file, { busyTimeoutMs: READER_BUSY_MS, readOnly: true });
  const snapshot = new ReadSnapshot(reading);
  const writer = new Writer(writing, {
    onCommit: (commit) => {
      snapshot.end();
      options.onCommit(commit);
    },
    busyTimeoutMs: options.busyTimeoutMs,
    maxBatchSize: options.maxBatchSize,
    maxBatchMs: options.maxBatchMs,
    onFatal: options.onFatal,
  });
  const close = async () => {
    await writer.close();
    snapshot.end();
    reading.close();
    // The last connection to close writes the WAL back into the file.
    writing.close();
  };
  const prisma = new PrismaClient({
    adapter: sqliteAdapterFactory({ writer, writing, reading, close }),
    transactionOptions: options.transaction,
  });
  return {
    prisma,
    hot: sqliteHotReader(reading, snapshot),
    write: sqliteHotWriter(writer, writing),
    run: statementRunner(onePlan),
    waiting: () => writer.waiting,
    close: async () => {
      await prisma.$disconnect();
      await close();
    },
  };
}
