import type { Migration } from './load-migrations.js';
import { MigrationError } from './migration-error.js';

/** A row of `_prisma_migrations`, as far as it matters here. Times are only compared with null. */
export interface AppliedRow {
  migration_name: string;
  checksum: string;
  finished_at: unknown;
  rolled_back_at: unknown;
  logs: string | null;
}

/**
 * What is still to be applied, oldest first.
 *
 * @throws MigrationError `failed`, `edited` or `unknown` when the database is not one this build may touch
 */
export function pendingMigrations(known: readonly Migration[], rows: readonly AppliedRow[]): Migration[] {
  // A row that was rolled back by hand says that its migration may be tried again.
  const standing = rows.filter((row) => row.rolled_back_at === null);
  const byName = new Map(known.map((migration) => [migration.name, migration]));

  for (const { migration_name: name, checksum, finished_at, logs } of standing) {
    if (finished_at === null) {
      throw new MigrationError(
        'failed',
        `Migration ${name} was started on this database and never finished${logs ? ` (${logs})` : ''}. ` +
          `Restore the backup from before it, or complete or undo its changes by hand and then delete its row from _prisma_migrations.`,
      );
    }
    const migration = byName.get(name);
    if (!migration) {
      throw new MigrationError(
        'unknown',
        `The database has migration ${name}, which this version does not know: a newer version has used it. ` +
          `Start that version or a later one, or restore the backup made before the upgrade.`,
      );
    }
    if (migration.checksum !== checksum) {
      throw new MigrationError(
        'edited',
        `Migration ${name} differs from the one that was applied to this database. ` +
          `Put the released file back; a change of schema belongs in a new migration.`,
      );
    }
  }

  const applied = new Set(standing.map((row) => row.migration_name));
  return known.filter((migration) => !applied.has(migration.name));
}
