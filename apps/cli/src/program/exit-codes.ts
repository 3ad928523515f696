import {
  APIError,
  AuthenticationError,
  Conflict,
  ConnectionError,
  IntegrityError,
  InvalidRequest,
  JobCancelled,
  JobFailed,
  NotFound,
  PayloadTooLarge,
  PermissionDenied,
  TimeoutError,
  Unprocessable,
  UnsupportedMediaType,
} from '@vergeai/sdk';
import { Failure, Interrupted } from './failures.js';
import { UsageError } from './usage-error.js';

/** What each exit code says: what scripts go by, and `verge help exit-codes` prints. */
export const exitCodes: readonly (readonly [code: number, meaning: string])[] = [
  [0, 'Done. For wait, --wait and train: the job is COMPLETED.'],
  [1, 'Anything else: a fault of the server or of verge.'],
  [2, 'Usage: an unknown option, a missing value, a name that fits several things, or a question that nobody could answer.'],
  [3, 'Not found.'],
  [4, 'No key, a key that does not count, or not allowed.'],
  [5, 'Not possible in this state, lost a race, an invalid model, or too large.'],
  [6, 'The job is FAILED.'],
  [7, 'The job is CANCELLED.'],
  [8, '--timeout passed while waiting; the job goes on.'],
  [9, 'The server was not reached, or is too busy, after all tries.'],
  [10, 'The bytes that came are not those that were announced.'],
  [130, 'Interrupted (Ctrl-C). Jobs go on.'],
  [143, 'Asked to end (SIGTERM). Jobs go on.'],
];

/** The wait that `--timeout` limits was over before the job was. */
export class WaitedLongEnough extends Error {
  override name = 'WaitedLongEnough';
}

/** Busy rather than broken: worth another try later. */
const BUSY: ReadonlySet<number> = new Set([408, 429, 502, 503, 504, 507]);

/** With what the program ends because of `error`. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof Failure || error instanceof Interrupted) return error.exitCode;
  if (error instanceof UsageError) return 2;
  if (error instanceof JobFailed) return 6;
  if (error instanceof JobCancelled) return 7;
  if (error instanceof WaitedLongEnough) return 8;
  if (error instanceof ConnectionError || error instanceof TimeoutError) return 9;
  if (error instanceof IntegrityError) return 10;
  return error instanceof APIError ? refusalCode(error) : 1;
}

function refusalCode(error: APIError): number {
  if (BUSY.has(error.statusCode)) return 9;
  if (error instanceof AuthenticationError || error instanceof PermissionDenied) return 4;
  if (error instanceof NotFound) return 3;
  if (error instanceof InvalidRequest) return error.code === 'invalid_request' ? 2 : 5;
  const impossible = [Conflict, Unprocessable, PayloadTooLarge, UnsupportedMediaType].some((kind) => error instanceof kind);
  return impossible ? 5 : 1;
}
