import { existsSync } from 'node:fs';
import { copySqlite, openDatabase, parseDatabaseUrl, type Database } from '@vergeai/db';
import { SettingsError, type Config } from '../config.js';

/**
 * The database, to be asked what a server has while one may run on it. SQLite's is copied to `copy` first and asked there, as a server
 * is alone with its own. Throws a SettingsError where there is none.
 */
export async function openAsItIs({ database }: Config, copy: string): Promise<Database> {
  const target = parseDatabaseUrl(database.url);
  if (target.kind === 'postgresql') return openDatabase({ ...database, poolSize: 1, migrate: false });
  if (!existsSync(target.file)) throw new SettingsError(`There is no database ${target.file}. Give the settings that the server has: DATA_DIR, DATABASE_URL.`);
  await copySqlite(target.file, copy);
  return openDatabase({ url: `file:${copy}`, migrate: false });
}
