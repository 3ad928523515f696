import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm, rmdir } from 'node:fs/promises';
import { openDatabase, parseDatabaseUrl, type Database } from '@vergeai/db';
import type { Logger } from 'pino';
import { createAggregator } from '../models/aggregate/aggregate-in-threads.js';
import type { Config } from '../config.js';
import type { Context } from '../context.js';
import { secretKey } from './secret-key.js';
import { createPresence } from '../access/presence.js';
import { deriveSecrets } from '../access/secrets.js';
import { lockDatabaseFile, lockDataFolder } from './lock-data-folder.js';
import { makeFolder } from './make-folder.js';
import { requireSameSecret } from './require-same-secret.js';
import { createModelInspector } from '../models/inspect-in-threads.js';
import { createLocalSignals } from '../signals/local-signals.js';
import { openPostgresqlSignals } from '../signals/postgresql-signals.js';
import { createMeters, type Meters } from '../measuring/meters.js';
import type { BlobStore } from '../storage/blob-store.js';
import { FileBlobStore } from '../storage/file-blob-store.js';
import { EmbeddedTaskQueue } from '../tasks/embedded-task-queue.js';
import type { Clock } from '../time/clock.js';
import { timebase as timebaseFrom } from '../time/timebase.js';

export interface OpenContext {
  readonly ctx: Context;
  close(): Promise<void>;
}

/**
 * The one place where the parts are put together. `onFatal` is told when a disk can no longer be trusted: the
 * process has to end then, as only a fresh start reads what is really there.
 */
export async function openContext(config: Config, log: Logger, clock: Clock, onFatal: (error: unknown) => void): Promise<OpenContext> {
  const meters = createMeters(clock);
  const { unlock, secrets, db } = await openData(config, { log, meters, onFatal });
  const storage = await openStorage(config, clock, onFatal);
  const signals = db.kind === 'postgresql' ? await openPostgresqlSignals(config.database.url, { log, clock }) : createLocalSignals();
  const models = createModelInspector(config.modelWorkers, config.limits.modelTensors);
  const aggregator = createAggregator(config.modelWorkers);
  const newId = () => randomBytes(16).toString('hex');
  const timebase = timebaseFrom(clock, (await db.timeOfDay?.()) ?? clock.now());
  const tasks = new EmbeddedTaskQueue({ db, clock, timebase, newId, log, signals, secrets }, config.modelWorkers);
  return {
    ctx: { config, db, storage, models, aggregator, tasks, signals, secrets, presence: createPresence({ clock }), log, meters, clock, timebase, newId },
    async close() {
      await Promise.all([models.close(), aggregator.close()]);
      await signals.close();
      await storage.close();
      await db.close();
      unlock();
    },
  };
}

/** Where the bytes of models are. */
export async function openStorage({ storage }: Config, clock: Clock, onFatal: (error: unknown) => void): Promise<BlobStore> {
  await makeFolder(storage.kind === 's3' ? 'DATA_DIR' : 'STORAGE_URL', storage.dir);
  if (storage.kind === 'folder') return FileBlobStore.open({ ...storage, clock, onFatal });
  // Only where it is needed: the SDK takes memory, and time to load.
  const { S3BlobStore } = await import('../storage/s3-blob-store.js');
  return S3BlobStore.open({ ...storage, clock });
}

/** The database and the secret that belongs to it. A start that is refused leaves nothing behind: the secret is kept last. */
async function openData(config: Config, { log, meters, onFatal }: { readonly log: Logger; readonly meters: Meters; readonly onFatal: (error: unknown) => void }) {
  const target = parseDatabaseUrl(config.database.url);
  const isNew = !existsSync(config.dataDir);
  await makeFolder('DATA_DIR', config.dataDir);
  const locks: (() => void)[] = [];
  const unlock = () => locks.forEach((give) => give());
  let db: Database | undefined;
  try {
    if (target.kind === 'sqlite') {
      locks.push(lockDataFolder(config.dataDir));
      locks.push(lockDatabaseFile(target.file));
    }
    const secret = await secretKey(config);
    const secrets = deriveSecrets(secret.text);
    db = await openDatabase({
      ...config.database,
      onFatal,
      onCommit: ({ transactions, seconds }) => {
        meters.commitTransactions.observe(transactions);
        meters.commitDuration.observe(seconds);
      },
      onConnectionError: (error) => log.warn({ err: error }, 'a database connection broke'),
    });
    // Else whoever owns the machine says that the secret is lost; see first-start.ts.
    if (!config.newAdminKey) await requireSameSecret(db, secrets);
    await secret.keep();
    return { unlock, secrets, db };
  } catch (error) {
    await db?.close();
    unlock();
    // Only what this start has made, and nobody else can be using: it had the lock on it.
    if (isNew && locks.length > 0) await rm(config.dataDir, { recursive: true });
    else if (isNew) await rmdir(config.dataDir).catch(() => {});
    throw error;
  }
}
