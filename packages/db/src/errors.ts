import { isDriverAdapterError, type MappedError } from '@prisma/driver-adapter-utils';

type DriverCause = MappedError & { originalCode?: string };

/**
 * A unique key or partial unique index refused the write: someone else was first. Which one it was differs between the
 * databases (columns on SQLite, the index on PostgreSQL), so decide by what you wrote.
 */
export function isUniqueViolation(error: unknown): boolean {
  return ['P2002', '23505'].includes(codeOf(error) ?? '') || driverCause(error)?.kind === 'UniqueConstraintViolation';
}

/** A row that this one needs is not there: it was deleted at the same moment. */
export function isMissingParent(error: unknown): boolean {
  return ['P2003', '23503'].includes(codeOf(error) ?? '') || driverCause(error)?.kind === 'ForeignKeyConstraintViolation';
}

/**
 * Lock, deadlock, serialization, timeout or no free connection: nothing has been written, and the same call may succeed
 * a moment later.
 */
export function isBusy(error: unknown): boolean {
  // P1008 operation timed out (SQLITE_BUSY), P2024 no connection, P2028 transaction timed out, P2034 conflict or deadlock.
  if (['P1008', 'P2024', 'P2028', 'P2034'].includes(codeOf(error) ?? '')) return true;
  const cause = driverCause(error);
  if (cause && ['SocketTimeout', 'TransactionWriteConflict', 'TooManyConnections'].includes(cause.kind)) return true;
  // The pool has an error of its own when every connection stays busy.
  return BUSY_CODES.has(driverCode(error) ?? '') || messageOf(error).startsWith('timeout exceeded when trying to connect');
}

/**
 * The database went away. It answers 503 as well, but whether a write under way has taken effect is unknown: only what
 * is safe to repeat may be tried again.
 */
export function isUnavailable(error: unknown): boolean {
  if (['P1001', 'P1002', 'P1017'].includes(codeOf(error) ?? '')) return true;
  const cause = driverCause(error);
  if (cause && ['DatabaseNotReachable', 'ConnectionClosed', 'TlsConnectionError'].includes(cause.kind)) return true;
  const code = driverCode(error) ?? '';
  return UNAVAILABLE_CODES.test(code) || /^Connection terminated|is not queryable$|^PostgreSQL does not answer$|^timeout expired$|^Query read timeout$/.test(messageOf(error));
}

/**
 * PostgreSQL: connections, a server that takes no writes (a standby, after a fail-over), one that is shutting down or
 * starting, one whose disk fails; and what the network says.
 */
const UNAVAILABLE_CODES = /^(08...|25006|57P0[1-5]|58...|E(CONN|HOST|NET)\w+|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_\w+)$/;

/** There is no room for what was to be written: nothing of it has been. What makes room may still work; see Database.makingRoom. */
export function isFull(error: unknown): boolean {
  // What could not be opened or migrated for want of room says so by its cause.
  return FULL_CODES.has(driverCode(error) ?? '') || FULL_CODES.has(codeOf((error as { cause?: unknown } | null | undefined)?.cause) ?? '');
}

/** A disk that takes no more of SQLite's log or of its index, or a quota, which it tells as an error of writing; PostgreSQL's disk_full. */
const FULL_CODES = new Set(['SQLITE_FULL', 'SQLITE_IOERR_WRITE', 'SQLITE_IOERR_SHMSIZE', '53100']);

/**
 * Of SQLite (SQLITE_BUSY and kin, and what files and memory that have run out look like to it) and PostgreSQL:
 * serialization, deadlock, lock and statement timeout, memory, connections.
 */
const BUSY_CODES = new Set([
  'SQLITE_BUSY', 'SQLITE_BUSY_SNAPSHOT', 'SQLITE_BUSY_TIMEOUT', 'SQLITE_BUSY_RECOVERY',
  'SQLITE_NOMEM', 'SQLITE_IOERR_NOMEM', 'SQLITE_IOERR_SHMOPEN', 'SQLITE_IOERR_SHMMAP', 'SQLITE_CANTOPEN',
  '40001', '40P01', '55P03', '57014', '53000', '53200', '53300', '53400',
]);

/** A number that no row can have in that column, because the column can't hold it. */
export function isOutOfRange(error: unknown): boolean {
  return ['P2020', 'P2033', '22003'].includes(codeOf(error) ?? '') || driverCause(error)?.kind === 'ValueOutOfRange' || driverCode(error) === '22003';
}

/** P2002 and the like for Prisma's errors, the driver's code for errors of hot reads. */
function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : '';
}

/** Prisma keeps what the driver said in different places, by kind of query. */
function driverCause(error: unknown): DriverCause | undefined {
  if (!(error instanceof Error)) return undefined;
  const { meta, cause } = error as { meta?: { driverAdapterError?: unknown }; cause?: unknown };
  // Prisma's own test for its errors fails on undefined.
  return [error, meta?.driverAdapterError, cause].filter((candidate) => candidate instanceof Error).find(isDriverAdapterError)?.cause;
}

function driverCode(error: unknown): string | undefined {
  const cause = driverCause(error);
  if (!cause) return codeOf(error);
  return cause.kind === 'postgres' ? cause.code : cause.originalCode;
}
