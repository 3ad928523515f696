import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { DatabaseOpenError } from '../open-error.js';
import { isSqliteFull } from './sqlite-error.js';

export interface ConnectOptions {
  /** How long one statement may block this thread while another process holds the lock, in milliseconds. */
  busyTimeoutMs: number;
  /** Refuses every write on this connection. */
  readOnly?: boolean;
}

/**
 * One connection with the settings that make an acknowledged write survive a power cut: WAL, synchronous=FULL.
 *
 * @throws DatabaseOpenError with a sentence that names the file
 */
export function connect(file: string, { busyTimeoutMs, readOnly = false }: ConnectOptions): Database.Database {
  const folder = path.dirname(path.resolve(file));
  if (!existsSync(folder)) throw new DatabaseOpenError(`The folder ${folder} does not exist. Create it, or put another path into the database url.`);
  if (existsSync(file) && statSync(file).isDirectory()) {
    throw new DatabaseOpenError(`${file} is a folder. The database url must name a file, such as file:${path.join(file, 'vergeai.db')}.`);
  }
  let database: Database.Database | undefined;
  try {
    database = new Database(file, { timeout: busyTimeoutMs });
    configure(database, readOnly);
    return database;
  } catch (error) {
    database?.close();
    throw openFailure(file, error);
  }
}

function configure(database: Database.Database, readOnly: boolean): void {
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  database.pragma('trusted_schema = OFF');
  database.pragma('temp_store = MEMORY');
  // Negative: KiB. 32 MiB of pages per connection.
  database.pragma('cache_size = -32768');
  // A WAL that one big transaction has blown up shrinks again at the next checkpoint.
  database.pragma(`journal_size_limit = ${64 * 1024 * 1024}`);
  if (readOnly) database.pragma('query_only = ON');
}

/** For whatever of opening it there was no room for. */
export const diskFull = (file: string, cause: unknown): DatabaseOpenError =>
  new DatabaseOpenError(`The disk is full: there is no room left beside the database ${path.resolve(file)}. Make some room, and start again.`, { cause });

function openFailure(file: string, error: unknown): DatabaseOpenError {
  if (isSqliteFull(error)) return diskFull(file, error);
  const { code = '', message } = error as { code?: string; message: string };
  return new DatabaseOpenError(sentence(file, code) ?? `The database ${file} cannot be opened: ${message}.`, { cause: error });
}

function sentence(file: string, code: string): string | undefined {
  if (code === 'SQLITE_NOTADB') return `${file} is not a SQLite database. Move the file away, or put another path into the database url.`;
  if (code.startsWith('SQLITE_CORRUPT')) return `The database ${file} is damaged. Restore it from a backup.`;
  if (code.startsWith('SQLITE_CANTOPEN')) return `The database ${file} cannot be opened. Check that this user may read and write the file and its folder.`;
  if (code.startsWith('SQLITE_READONLY')) return `The database ${file} cannot be written. Check that this user may write the file and its folder.`;
  if (code.startsWith('SQLITE_BUSY')) return `The database ${file} is locked by another process. Stop it, or wait until it has finished.`;
  return undefined;
}
