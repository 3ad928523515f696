import { DriverAdapterError, type MappedError } from '@prisma/driver-adapter-utils';
import Database from 'better-sqlite3';

type SqliteError = InstanceType<typeof Database.SqliteError>;

function codeOf(error: unknown): string {
  return error instanceof Database.SqliteError ? error.code : '';
}

/** Another process holds the lock; trying again later may succeed. */
export function isSqliteBusy(error: unknown): boolean {
  return codeOf(error).startsWith('SQLITE_BUSY');
}

/** There was no room for the log or for its index, or SQLite could not write for another reason: it has undone what it was at. */
export function isSqliteFull(error: unknown): boolean {
  return ['SQLITE_FULL', 'SQLITE_IOERR_WRITE', 'SQLITE_IOERR_SHMSIZE'].includes(codeOf(error));
}

/**
 * After one of these nobody knows what is on the disk: only a restart, which replays the WAL, tells. That something
 * could not be written, opened or held in memory is none: nothing was promised yet.
 */
export function isSqliteFatal(error: unknown): boolean {
  return /^SQLITE_(IOERR(?!_(WRITE|SHMSIZE|SHMOPEN|SHMMAP|NOMEM)$)|CORRUPT|NOTADB)/.test(codeOf(error));
}

/** An error of SQLite in the form in which Prisma expects its drivers to throw. Others pass unchanged. */
export function asDriverError(error: unknown): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  const { code: originalCode, message: originalMessage } = error;
  return new DriverAdapterError({ originalCode, originalMessage, ...mapped(error) });
}

function mapped({ code, message }: SqliteError): MappedError {
  switch (code) {
    case 'SQLITE_CONSTRAINT_UNIQUE':
    case 'SQLITE_CONSTRAINT_PRIMARYKEY':
      return { kind: 'UniqueConstraintViolation', ...failedColumns(message) };
    case 'SQLITE_CONSTRAINT_NOTNULL':
      return { kind: 'NullConstraintViolation', ...failedColumns(message) };
    case 'SQLITE_CONSTRAINT_FOREIGNKEY':
    case 'SQLITE_CONSTRAINT_TRIGGER':
      return { kind: 'ForeignKeyConstraintViolation', constraint: { foreignKey: {} } };
  }
  if (code.startsWith('SQLITE_BUSY')) return { kind: 'SocketTimeout' };
  if (message.startsWith('no such table: ')) return { kind: 'TableDoesNotExist', table: afterColon(message) };
  if (message.startsWith('no such column: ')) return { kind: 'ColumnNotFound', column: afterColon(message) };
  return { kind: 'sqlite', extendedCode: EXTENDED_CODES[code] ?? 1, message };
}

/** "UNIQUE constraint failed: Job.experimentId, Job.sequence" */
function failedColumns(message: string): { constraint?: { fields: string[] } } {
  const columns = /constraint failed: (.+)$/.exec(message)?.[1];
  if (columns === undefined || columns.startsWith('index ')) return {};
  return { constraint: { fields: columns.split(', ').map((column) => column.slice(column.lastIndexOf('.') + 1)) } };
}

function afterColon(message: string): string {
  return message.slice(message.indexOf(': ') + 2);
}

/** https://www.sqlite.org/rescode.html, those that can reach a caller. */
const EXTENDED_CODES: Readonly<Record<string, number>> = {
  SQLITE_LOCKED: 6,
  SQLITE_READONLY: 8,
  SQLITE_INTERRUPT: 9,
  SQLITE_NOMEM: 7,
  SQLITE_IOERR: 10,
  SQLITE_CORRUPT: 11,
  SQLITE_FULL: 13,
  SQLITE_CANTOPEN: 14,
  SQLITE_TOOBIG: 18,
  SQLITE_CONSTRAINT: 19,
  SQLITE_CONSTRAINT_CHECK: 275,
  SQLITE_IOERR_WRITE: 778,
  SQLITE_IOERR_FSYNC: 1034,
  SQLITE_IOERR_NOMEM: 3082,
  SQLITE_IOERR_SHMOPEN: 4618,
  SQLITE_IOERR_SHMSIZE: 4874,
  SQLITE_IOERR_SHMMAP: 5386,
};
