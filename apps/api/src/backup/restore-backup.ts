import { createReadStream, existsSync } from 'node:fs';
import { readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { openDatabase, parseDatabaseUrl } from '@vergeai/db';
import { SettingsError, type Config } from '../config.js';
import { lockDataFolder } from '../start/lock-data-folder.js';
import { makeFolder } from '../start/make-folder.js';
import { openStorage } from '../start/open-context.js';
import type { BlobStore } from '../storage/blob-store.js';
import { syncFolder } from '../storage/sync-folder.js';
import type { Clock } from '../time/clock.js';
import { BLOBS, COPY, readFacts, SECRET, type BackedUpBlob, type BackupFacts } from './backup-folder.js';
import { copySynced } from './copy-synced.js';
import { restorePostgresql } from './postgresql-programs.js';
import type { Progress } from './progress.js';
import { takeIn } from './take-in.js';

/**
 * Puts a backup where the settings say, which has to be empty: the blobs first, each held to its sha256, and the database last, so that
 * what was not finished is no server's data yet and may be restored again. Throws a SettingsError.
 */
export async function restoreBackup(config: Config, clock: Clock, from: string, progress: Progress): Promise<BackupFacts> {
  const { about, blobs } = await readFacts(from);
  const target = parseDatabaseUrl(config.database.url);
  if (target.kind !== about.database) throw new SettingsError(`The backup is of ${nameOf(about.database)}, and DATABASE_URL says ${nameOf(target.kind)}. A backup is restored to the kind of database that it was taken of.`);
  await makeFolder('DATA_DIR', config.dataDir);
  const unlock = lockDataFolder(config.dataDir);
  const fatal = (error: unknown): never => {
    throw error;
  };
  try {
    if (target.kind === 'sqlite') refuseExisting(target.file);
    else await refuseFilled(config);
    await refuseOtherSecret(config, from);
    const storage = await openStorage(config, clock, fatal);
    try {
      progress.begin(blobs.length);
      for (const blob of blobs) {
        await putBlob(storage, blob, path.join(from, BLOBS));
        progress.advance();
      }
    } finally {
      await storage.close();
    }
    if (existsSync(path.join(from, SECRET)) && config.secretKey === undefined) await putFile(path.join(from, SECRET), path.join(config.dataDir, SECRET));
    if (target.kind === 'sqlite') await putFile(path.join(from, COPY.sqlite), target.file);
    else await restorePostgresql(target.url, path.join(from, COPY.postgresql));
  } finally {
    unlock();
  }
  return about;
}

const nameOf = (kind: 'sqlite' | 'postgresql') => (kind === 'sqlite' ? 'SQLite' : 'PostgreSQL');

function refuseExisting(file: string): void {
  if (existsSync(file)) throw new SettingsError(`There is a database already: ${file}. Move its data folder away first, or restore into another DATA_DIR.`);
}

/** A database that has been a server's has migrations. */
async function refuseFilled({ database }: Config): Promise<void> {
  const db = await openDatabase({ ...database, poolSize: 1, migrate: false });
  try {
    const isFilled = await db.prisma.user.count().then(() => true, () => false);
    if (isFilled) throw new SettingsError('The database of DATABASE_URL has tables of a server already. Restore into an empty one.');
  } finally {
    await db.close();
  }
}

/** Without the secret that it was taken with, no API key of the backup would work. */
async function refuseOtherSecret({ secretKey, dataDir }: Config, from: string): Promise<void> {
  if (secretKey !== undefined) return;
  const [own, there] = [path.join(from, SECRET), path.join(dataDir, SECRET)];
  if (!existsSync(own)) throw new SettingsError('The backup has no secret, as SECRET_KEY was set. Set SECRET_KEY to what it was then.');
  if (existsSync(there) && (await readFile(there, 'utf8')) !== (await readFile(own, 'utf8')))
    throw new SettingsError(`There is another secret already: ${there}. Move the data folder away first, or restore into another DATA_DIR.`);
}

async function putBlob(storage: BlobStore, blob: BackedUpBlob, folder: string): Promise<void> {
  const isWhole = await takeIn(storage, blob, createReadStream(path.join(folder, blob.key))).catch((error: unknown) => {
    throw new SettingsError(`The backup's blob ${blob.key} can't be read or stored: ${(error as Error).message}. Nothing was put into the database; restore another backup.`, { cause: error });
  });
  if (!isWhole) throw new SettingsError(`The backup's blob ${blob.key} is damaged. Nothing was put into the database; restore another backup.`);
}

/** Has its name only once it is whole and on disk. */
async function putFile(from: string, file: string): Promise<void> {
  const draft = `${file}.restoring`;
  await copySynced(from, draft);
  await rename(draft, file);
  await syncFolder(path.dirname(file));
}
