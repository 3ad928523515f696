import path from 'node:path';
import { parseDatabaseUrl } from '../database-url.js';
import { defaultMigrationsDir } from '../migrations-dir.js';
import { migratePostgresql } from './migrate-postgresql.js';
import { migrateSqlite } from './migrate-sqlite.js';

export interface MigrateOptions {
  /** `file:…` or `postgres://…` */
  url: string;
  /** Folder with one folder per database kind; prisma/migrations when left out. */
  migrationsDir?: string | undefined;
}

/**
 * Brings a database to the schema of this build. Safe to run from several processes at once.
 *
 * @returns names of the migrations applied by this call, oldest first; none when it was up to date
 * @throws MigrationError when the database is newer, was changed by hand, or refuses · DatabaseOpenError
 */
export async function migrate({ url, migrationsDir = defaultMigrationsDir }: MigrateOptions): Promise<string[]> {
  const target = parseDatabaseUrl(url);
  const dir = path.join(migrationsDir, target.kind);
  return target.kind === 'sqlite' ? migrateSqlite(target.file, dir) : await migratePostgresql(target.url, dir);
}
