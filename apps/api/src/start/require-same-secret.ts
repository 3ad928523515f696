import { build, query, type Database } from '@vergeai/db';
import type { Secrets } from '../access/secrets.js';
import { SettingsError } from '../config.js';

const server = query(() => build.selectFrom('Server').select('secretFingerprint'));

/** Whether the database is new or was made with this secret. */
export async function isSameSecret({ hot }: Pick<Database, 'hot'>, { fingerprint }: Secrets): Promise<boolean> {
  const row = await hot.get(server, {});
  return !row || row.secretFingerprint === fingerprint;
}

/** Throws a SettingsError unless it is. */
export async function requireSameSecret(db: Pick<Database, 'hot'>, secrets: Secrets): Promise<void> {
  if (!(await isSameSecret(db, secrets)))
    throw new SettingsError(
      'The database was made with another secret, so none of its keys would work. Put back the file secret-key of its data folder, or set SECRET_KEY to what it was. If it is lost, NEW_ADMIN_KEY=1 starts with a new one: all keys stop working, and the admin gets another.',
    );
}
