import Sqlite from 'better-sqlite3';

/**
 * Takes a file as a lock between processes, or gives undefined when another one holds it. It is SQLite's own exclusive
 * lock on an empty database: the kernel drops it with the process, also after kill -9, so it can't go stale.
 * Returns how to give it back.
 */
export function lockFile(file: string): (() => void) | undefined {
  const db = new Sqlite(file, { timeout: 0 });
  try {
    db.pragma('locking_mode = EXCLUSIVE');
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if ((error as { code?: string }).code?.startsWith('SQLITE_BUSY')) return undefined;
    throw error;
  }
  return () => db.close();
}
