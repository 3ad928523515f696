import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { lockFile } from '@vergeai/db';
import { SettingsError } from '../config.js';

/**
 * One process per data folder: SQLite's writes take turns inside a process, and a second server would not see them.
 * The lock is the kernel's, so it goes with the process however that ends. Returns how to give it back.
 */
export function lockDataFolder(dataDir: string): () => void {
  const unlock = lockFile(path.join(dataDir, 'lock'));
  if (!unlock)
    throw new SettingsError(
      `Another server is using the data folder ${dataDir}. Stop it, or give this one a DATA_DIR of its own; several servers side by side need DATABASE_URL=postgres://….`,
    );
  return unlock;
}

/**
 * The same for the database file, which a second server may name from a data folder of its own. It is locked by the name that it
 * really has, whatever links lead to it. Where it could not even be made, opening it will say why.
 */
export function lockDatabaseFile(file: string): () => void {
  const folder = path.dirname(path.resolve(file));
  if (!existsSync(folder)) return () => {};
  const real = existsSync(file) ? realpathSync(file) : path.join(realpathSync(folder), path.basename(file));
  const unlock = lockFile(`${real}.lock`);
  if (!unlock) throw new SettingsError(`Another server is using the database ${real}. Stop it, or give this one a DATABASE_URL of its own; several servers side by side need DATABASE_URL=postgres://….`);
  return unlock;
}
