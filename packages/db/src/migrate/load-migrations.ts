import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { MigrationError } from './migration-error.js';

export interface Migration {
  /** Folder name, `<timestamp>_<words>`: names sort in the order in which they apply. */
  name: string;
  sql: string;
  /** SHA-256 of the file in hex, as Prisma computes it. */
  checksum: string;
}

/**
 * All migrations of one database, oldest first.
 *
 * @param dir folder that holds one folder per migration
 * @throws MigrationError `missing` when there is no such folder, or a migration in it has no migration.sql
 */
export function loadMigrations(dir: string): Migration[] {
  const folders = orMissing(`There are no migrations at ${dir}.`, () => readdirSync(dir, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted();
  return folders.map((name) => {
    const file = path.join(dir, name, 'migration.sql');
    const bytes = orMissing(`Migration ${name} has no readable migration.sql.`, () => readFileSync(file));
    return { name, sql: bytes.toString('utf8'), checksum: createHash('sha256').update(bytes).digest('hex') };
  });
}

function orMissing<T>(sentence: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new MigrationError('missing', `${sentence} The installation is incomplete.`, { cause });
  }
}
