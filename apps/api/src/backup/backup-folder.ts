import { open, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { SettingsError } from '../config.js';

/** What a backup has in its folder. A backup is whole when its folder has its name: until then that ends with `.part`. */
export const PART = '.part';
export const SECRET = 'secret-key';
export const BLOBS = 'blobs';
const FACTS = 'backup.json';
const LIST = 'blobs.jsonl';

/** The copy of the database, by its kind. */
export const COPY = { sqlite: 'vergeai.db', postgresql: 'vergeai.dump' } as const;

const facts = z.strictObject({
  version: z.literal(1),
  taken_at: z.iso.datetime(),
  database: z.enum(['sqlite', 'postgresql']),
  blobs: z.number(),
  bytes: z.number(),
});
export type BackupFacts = z.infer<typeof facts>;

/** Bytes of a model or of a strategy's state: size in bytes, sha256 in hex. */
const blob = z.strictObject({ key: z.string(), size: z.number(), sha256: z.string() });
export type BackedUpBlob = z.infer<typeof blob>;

export async function writeFacts(folder: string, about: BackupFacts, blobs: readonly BackedUpBlob[]): Promise<void> {
  await writeSynced(path.join(folder, LIST), blobs.map((one) => `${JSON.stringify(one)}\n`).join(''));
  await writeSynced(path.join(folder, FACTS), `${JSON.stringify(about, null, 2)}\n`);
}

/** Throws a SettingsError when the folder is no whole backup. */
export async function readFacts(folder: string): Promise<{ about: BackupFacts; blobs: BackedUpBlob[] }> {
  try {
    if (folder.endsWith(PART)) throw new Error('it was not finished');
    const about = facts.parse(JSON.parse(await readFile(path.join(folder, FACTS), 'utf8')));
    const lines = (await readFile(path.join(folder, LIST), 'utf8')).split('\n').filter((line) => line !== '');
    return { about, blobs: lines.map((line) => blob.parse(JSON.parse(line))) };
  } catch (error) {
    throw new SettingsError(`${folder} is not a backup that can be read (${(error as Error).message}). Name the folder of one, such as backups/2026-01-31T12-00-00Z.`, { cause: error });
  }
}

/** Names of the whole backups in a folder, the oldest first, and of those that were not finished. */
export async function backupsIn(folder: string): Promise<{ whole: string[]; parts: string[] }> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d(\.\d+)?Z(\.part)?$/.test(name)).sort();
  return { whole: names.filter((name) => !name.endsWith(PART)), parts: names.filter((name) => name.endsWith(PART)) };
}

async function writeSynced(file: string, text: string): Promise<void> {
  const handle = await open(file, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
