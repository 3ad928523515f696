import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { parseDatabaseUrl, type Database } from '@vergeai/db';
import type { Config } from '../config.js';
import { openStorage } from '../start/open-context.js';
import { syncFolder } from '../storage/sync-folder.js';
import type { Clock } from '../time/clock.js';
import { BLOBS, backupsIn, COPY, PART, readFacts, SECRET, writeFacts, type BackedUpBlob } from './backup-folder.js';
import { copySynced } from './copy-synced.js';
import { copyBlob, linkBlob, syncNames } from './copy-blob.js';
import { isKept, keptBlobs } from './kept-blobs.js';
import { lossIn } from './lost-blob.js';
import { openAsItIs } from './open-as-it-is.js';
import { dumpPostgresql } from './postgresql-programs.js';
import type { Progress } from './progress.js';

export interface TakenBackup {
  readonly folder: string;
  readonly blobs: number;
  /** Bytes of them all, and of those that an earlier backup did not have yet. */
  readonly bytes: number;
  readonly copied: number;
  /** Sentences about blobs that the server itself has lost. */
  readonly lost: readonly string[];
}

/**
 * Takes a backup into a folder of its own below `to`, while the server runs or not: the database first and the blobs after it, as bytes
 * are there before the row that names them, and never change. Blobs that the last backup there has are linked to. It has its name only
 * once it is whole and on disk. Throws a SettingsError.
 */
export async function takeBackup(config: Config, clock: Clock, to: string, progress: Progress): Promise<TakenBackup> {
  await mkdir(to, { recursive: true, mode: 0o700 });
  const { whole, parts } = await backupsIn(to);
  for (const part of parts) await rm(path.join(to, part), { recursive: true });
  const folder = path.join(to, clock.now().toISOString().replaceAll(':', '-'));
  const part = `${folder}${PART}`;
  await mkdir(path.join(part, BLOBS), { recursive: true, mode: 0o700 });
  const fatal = (error: unknown): never => {
    throw error;
  };
  const [db, storage] = [await copiedDatabase(config, part), await openStorage(config, clock, fatal)];
  try {
    const earlier = whole.at(-1);
    const have = earlier === undefined ? undefined : { folder: path.join(to, earlier, BLOBS), blobs: new Map((await readFacts(path.join(to, earlier))).blobs.map((blob) => [blob.key, blob.sha256])) };
    const blobs: BackedUpBlob[] = [];
    const lost: string[] = [];
    let copied = 0;
    const wanted = await keptBlobs(db);
    progress.begin(wanted.length);
    for (const blob of wanted) {
      const linked = have?.blobs.get(blob.key) === blob.sha256 && (await linkBlob(have.folder, blob, path.join(part, BLOBS)));
      const fault = linked ? undefined : await lossIn(copyBlob(storage, blob, path.join(part, BLOBS)));
      if (!fault) blobs.push(blob);
      // Deleted meanwhile, unless there is a row that still wants it.
      else if (db.kind === 'sqlite' || (await isKept(db, blob.key))) lost.push(`${blob.key}: ${fault.message}`);
      if (!linked && !fault) copied += blob.size;
      progress.advance();
    }
    const bytes = blobs.reduce((sum, { size }) => sum + size, 0);
    await copySecret(config, part);
    await syncNames(path.join(part, BLOBS), blobs);
    await writeFacts(part, { version: 1, taken_at: clock.now().toISOString(), database: db.kind, blobs: blobs.length, bytes }, blobs);
    await db.close();
    await syncFolder(part);
    await rename(part, folder);
    await syncFolder(to);
    return { folder, blobs: blobs.length, bytes, copied, lost };
  } finally {
    await db.close();
    await storage.close();
  }
}

/** Copies the database, and opens it where it can be asked for the blobs of the copy. */
async function copiedDatabase(config: Config, part: string): Promise<Database> {
  const target = parseDatabaseUrl(config.database.url);
  if (target.kind === 'postgresql') await dumpPostgresql(target.url, path.join(part, COPY.postgresql));
  return openAsItIs(config, path.join(part, COPY.sqlite));
}

/** Where SECRET_KEY is set there is none in the data folder. */
async function copySecret({ dataDir, secretKey }: Config, part: string): Promise<void> {
  const file = path.join(dataDir, SECRET);
  if (secretKey === undefined && existsSync(file)) await copySynced(file, path.join(part, SECRET));
}
