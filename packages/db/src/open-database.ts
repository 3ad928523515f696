import { parseDatabaseUrl } from './database-url.js';
import { isBusy, isFull, isMissingParent, isOutOfRange, isUnavailable, isUniqueViolation } from './errors.js';
import type { PrismaClient } from './generated/sqlite/client.js';
import type { HotReader } from './hot-reader.js';
import type { HotWriter, StatementRunner } from './hot-writer.js';
import { migrate } from './migrate/migrate.js';
import { DatabaseOpenError } from './open-error.js';
import type { Commit, OpenedDatabase, OpenOptions } from './open-options.js';
import { refuseSharedConnections } from './postgresql/refuse-shared-connections.js';
import { diskFull } from './sqlite/connect.js';
import { Reserve } from './sqlite/reserve.js';

export type DatabaseKind = 'sqlite' | 'postgresql';

/** Durations in milliseconds. */
export interface OpenDatabaseOptions {
  /** `file:data/vergeai.db` or `postgres://user:password@host:5432/name` */
  url: string;
  /** Folder with one folder of migrations per database kind; prisma/migrations when left out. */
  migrationsDir?: string | undefined;
  /** Bring the database to the schema of this build first. Default true. */
  migrate?: boolean | undefined;
  /** How long a transaction may wait for its turn (default 5000) and how long it may then take (default 10000). */
  transaction?: { maxWait?: number | undefined; timeout?: number | undefined } | undefined;
  /** SQLite: the disk has failed. What is acknowledged is safe, but only a restart can tell what else is; end the process. */
  onFatal?: ((error: Error) => void) | undefined;
  /** SQLite: so many transactions are on disk, by one COMMIT. For metrics; it must not throw. */
  onCommit?: ((commit: Commit) => void) | undefined;
  /** PostgreSQL: an idle connection broke and will be replaced. For the log. */
  onConnectionError?: ((error: Error) => void) | undefined;
  /** SQLite: how long a write waits while another process holds the lock. Default 5000. */
  busyTimeoutMs?: number | undefined;
  /** SQLite: how many transactions may share one COMMIT. Default 64. */
  maxBatchSize?: number | undefined;
  /** SQLite: how long after its begin a batch takes on others that wait. Default 5. */
  maxBatchMs?: number | undefined;
  /** PostgreSQL: connections of this process. Default 10. */
  poolSize?: number | undefined;
  /** PostgreSQL: a statement is cancelled after this. Default 20000. */
  statementTimeoutMs?: number | undefined;
  /** PostgreSQL: a statement stops waiting for a lock after this. Default 5000. */
  lockTimeoutMs?: number | undefined;
  /** PostgreSQL: open it even though a power cut would lose what it has confirmed. For tests. Default false. */
  allowUnsafeFsync?: boolean | undefined;
}

export interface Database {
  kind: DatabaseKind;
  /** Typed as the SQLite client on both: what only one database can do is not there. */
  prisma: PrismaClient;
  /** For the few queries that run on every request. */
  hot: HotReader;
  /** For the few writes that come in numbers. */
  write: HotWriter;
  /** Runs one such write within a transaction of `prisma`. */
  run: StatementRunner;
  /** See errors.ts; here so that whoever has the database has them too. */
  isUniqueViolation: typeof isUniqueViolation;
  isMissingParent: typeof isMissingParent;
  isBusy: typeof isBusy;
  isFull: typeof isFull;
  isOutOfRange: typeof isOutOfRange;
  isUnavailable: typeof isUnavailable;
  /** PostgreSQL: the time of day where it runs, which all its clients have in common. */
  timeOfDay: (() => Promise<Date>) | undefined;
  /** Runs a transaction after which the disk has more room: on a full one with what is kept back for that. SQLite; a PostgreSQL sees to its own disk. */
  makingRoom: <T>(work: () => Promise<T>) => Promise<T>;
  /** How many wait at the moment: for a connection of the pool (PostgreSQL), or for their turn to write (SQLite). */
  waiting: () => number;
  /** Names of the migrations that opening it applied. */
  appliedMigrations: readonly string[];
  /** Waits for the writes under way. Safe to call twice. */
  close: () => Promise<void>;
}

/**
 * Opens the database, brought up to date.
 *
 * @throws DatabaseOpenError (cannot be used) or MigrationError (newer, or changed by hand); both messages are for the operator
 */
export async function openDatabase(options: OpenDatabaseOptions): Promise<Database> {
  const target = parseDatabaseUrl(options.url);
  const start = async () => {
    if (target.kind === 'postgresql') await refuseSharedConnections(target.url);
    const applied = options.migrate === false ? [] : await migrate(options);
    return { appliedMigrations: applied, opened: await open(target, withDefaults(options)) };
  };
  const reserve = target.kind === 'sqlite' ? new Reserve(target.file) : undefined;
  // Who starts writes too, and can't be asked to delete before that. The first that makes room fills it again.
  if (await reserve?.isScarce()) reserve?.giveUp();
  const { appliedMigrations, opened } = await start().catch(sayWhenFull(target));
  let closing: Promise<void> | undefined;
  return {
    kind: target.kind,
    prisma: opened.prisma,
    hot: opened.hot,
    write: opened.write,
    run: opened.run,
    isUniqueViolation,
    isMissingParent,
    isBusy,
    isFull,
    isOutOfRange,
    isUnavailable,
    timeOfDay: opened.timeOfDay,
    makingRoom: async (work) => {
      try {
        return await (reserve ? reserve.lend(work) : work());
      } finally {
        await reserve?.fill();
      }
    },
    waiting: opened.waiting,
    appliedMigrations,
    close: () => (closing ??= opened.close().then(() => reserve?.filled())),
  };
}

const sayWhenFull =
  (target: ReturnType<typeof parseDatabaseUrl>) =>
  (error: unknown): never => {
    throw target.kind === 'sqlite' && isFull(error) && !(error instanceof DatabaseOpenError) ? diskFull(target.file, error) : error;
  };

/** Imported on demand: each brings megabytes of query compiler that the other does not need. */
async function open(target: ReturnType<typeof parseDatabaseUrl>, options: OpenOptions): Promise<OpenedDatabase> {
  if (target.kind === 'sqlite') {
    const { openSqlite } = await import('./sqlite/open-sqlite.js');
    return openSqlite(target.file, options);
  }
  const { openPostgresql } = await import('./postgresql/open-postgresql.js');
  return await openPostgresql(target.url, options);
}

function withDefaults(options: OpenDatabaseOptions): OpenOptions {
  return {
    transaction: { maxWait: options.transaction?.maxWait ?? 5_000, timeout: options.transaction?.timeout ?? 10_000 },
    onFatal:
      options.onFatal ??
      ((error) => {
        throw error;
      }),
    onCommit: options.onCommit ?? (() => {}),
    onConnectionError: options.onConnectionError ?? (() => {}),
    busyTimeoutMs: options.busyTimeoutMs ?? 5_000,
    maxBatchSize: options.maxBatchSize ?? 64,
    maxBatchMs: options.maxBatchMs ?? 5,
    poolSize: options.poolSize ?? 10,
    statementTimeoutMs: options.statementTimeoutMs ?? 20_000,
    lockTimeoutMs: options.lockTimeoutMs ?? 5_000,
    allowUnsafeFsync: options.allowUnsafeFsync ?? false,
  };
}
