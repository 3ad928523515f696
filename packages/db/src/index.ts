export { openDatabase, type Database, type DatabaseKind, type OpenDatabaseOptions } from './open-database.js';
export { migrate, type MigrateOptions } from './migrate/migrate.js';
export { MigrationError, type MigrationProblem } from './migrate/migration-error.js';
export { parseDatabaseUrl, type DatabaseUrl } from './database-url.js';
export { DatabaseOpenError } from './open-error.js';
export { isBusy, isFull, isMissingParent, isOutOfRange, isUnavailable, isUniqueViolation } from './errors.js';
export type { HotParameter, HotQuery, HotReader, HotRow, HotValue, RowOf } from './hot-reader.js';
export { UnexpectedChanges, type HotStatement, type HotWriter } from './hot-writer.js';
export { build, over } from './statements/build.js';
export { beginsWith, contains } from './statements/contains.js';
export { insert } from './statements/insert.js';
export { query, queryOf, statement, statementOf } from './statements/prepare.js';
// The models and their inputs as the SQLite client types them. Types only: the client itself is loaded by openDatabase.
export type * from './generated/sqlite/client.js';
export * from './generated/sqlite/enums.js';
export type { Transaction } from './transaction.js';
export { copySqlite } from './sqlite/copy-sqlite.js';
export { lockFile } from './sqlite/lock-file.js';
export type { Tables } from './tables.js';
