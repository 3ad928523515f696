import { open } from 'node:fs/promises';
import Sqlite from 'better-sqlite3';
import { isSqliteFull } from './sqlite-error.js';
import { diskFull } from './connect.js';

/** How long it waits while another process recovers the database after a crash, in milliseconds. */
const BUSY_MS = 10_000;

/**
 * Copies a SQLite database, as it is at one moment, into a file that is not there yet. The server may go on writing meanwhile: a reader
 * is in nobody's way. When this resolves the copy is on disk, but for its name in the folder.
 *
 * @throws DatabaseOpenError when the disk is full
 */
export async function copySqlite(file: string, copy: string): Promise<void> {
  const database = new Sqlite(file, { timeout: BUSY_MS, fileMustExist: true });
  try {
    database.prepare('VACUUM INTO ?').run(copy);
  } catch (error) {
    throw isSqliteFull(error) ? diskFull(copy, error) : error;
  } finally {
    database.close();
  }
  const handle = await open(copy, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
