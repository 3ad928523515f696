import type { Pool } from 'pg';
import { DatabaseOpenError } from '../open-error.js';

/**
 * A server that acknowledges before the disk does would lose what we have acknowledged in turn.
 *
 * @throws DatabaseOpenError that says which setting to change, and how
 */
export async function refuseUnsafeSettings(pool: Pool): Promise<void> {
  const { rows } = await pool.query<Record<'fsync' | 'full_page_writes' | 'synchronous_commit', string>>(
    `SELECT current_setting('fsync') AS fsync, current_setting('full_page_writes') AS full_page_writes, current_setting('synchronous_commit') AS synchronous_commit`,
  );
  const unsafe = Object.entries(rows[0]!).filter(([, value]) => value === 'off');
  if (unsafe.length === 0) return;
  const names = unsafe.map(([name]) => name);
  throw new DatabaseOpenError(
    `PostgreSQL runs with ${names.map((name) => `${name} = off`).join(', ')}: a power cut would lose or destroy data it has confirmed. ` +
      `Run ${names.map((name) => `ALTER SYSTEM SET ${name} = on;`).join(' ')} SELECT pg_reload_conf(); and start again.`,
  );
}
