import { randomBytes } from 'node:crypto';
import { link, open, readFile, unlink } from 'node:fs/promises';
import path from 'node:path';
import { SettingsError, type Config } from '../config.js';
import { syncFolder } from '../storage/sync-folder.js';

export interface SecretKey {
  readonly text: string;
  /** Keeps one that was just made: once it is known that the database belongs to no other. Throws a SettingsError. */
  keep(): Promise<void>;
}

/**
 * The server's secret: SECRET_KEY, or one made at the first start and kept in the data folder with mode 600.
 * Whoever loses it loses every API key of the server, so it belongs in the backup.
 */
export async function secretKey(config: Config): Promise<SecretKey> {
  const file = path.join(config.dataDir, 'secret-key');
  const known = config.secretKey ?? (await readSecret(file));
  if (known) return { text: known, keep: async () => {} };
  const text = randomBytes(32).toString('hex');
  return {
    text,
    async keep() {
      await keepOnce(file, `${text}\n`);
      if ((await readSecret(file)) !== text) throw new SettingsError(`Another server has just made ${file}. Start this one again.`);
    },
  };
}

async function readSecret(file: string): Promise<string | undefined> {
  try {
    const secret = (await readFile(file, 'utf8')).trim();
    if (secret.length < 32) throw new SettingsError(`${file} is damaged: put the secret back from a backup, or set SECRET_KEY.`);
    return secret;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Writes a private file whole and on disk, or leaves the one that another process was quicker to write. */
async function keepOnce(file: string, content: string): Promise<void> {
  const draft = `${file}.${process.pid}`;
  const handle = await open(draft, 'w', 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    await link(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await unlink(draft);
  }
  await syncFolder(path.dirname(file));
}
