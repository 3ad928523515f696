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
