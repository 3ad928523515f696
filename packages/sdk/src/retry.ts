import { APIError, ConnectionError, TimeoutError } from './errors.js';
import { pause } from './pause.js';

const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 10_000;
const LONGEST_OBEYED_MS = 60_000;

const passingStatus: ReadonlySet<number> = new Set([408, 429, 502, 503, 504]);

/** Whether the same request may well succeed a little later. 500 is not among them: a bug stays one. */
export const isPassing = (error: unknown): boolean =>
  error instanceof ConnectionError ||
  error instanceof TimeoutError ||
  (error instanceof APIError && (passingStatus.has(error.statusCode) || error.code === 'idempotency_in_progress'));

/**
 * How long to wait after `failures` failed attempts: what the server asked for, else exponential
 * with full jitter. Undefined when it asked for more than a minute: coming back earlier would be
 * rude and waiting that long should be the caller's decision.
 */
export function backoff(error: unknown, failures: number): number | undefined {
  const asked = error instanceof APIError ? error.retryAfterMs : undefined;
  if (asked !== undefined && asked > LONGEST_OBEYED_MS) return undefined;
  const jitter = Math.random() * Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (failures - 1));
  return asked === undefined ? jitter : asked + Math.min(jitter, FIRST_BACKOFF_MS);
}

export interface RetryLimits {
  readonly maxRetries: number;
  readonly signal?: AbortSignal | undefined;
}

/** Waits before the same is tried again. @throws `error` when it should not be, or has been repeated `maxRetries` times */
export async function again(error: unknown, failures: number, { maxRetries, signal }: RetryLimits): Promise<void> {
  const delay = isPassing(error) && failures <= maxRetries ? backoff(error, failures) : undefined;
  if (delay === undefined) throw error;
  await pause(delay, signal);
}

/** Runs `attempt` until it succeeds, fails for good, or has been repeated `maxRetries` times. */
export async function withRetries<T>(limits: RetryLimits, attempt: (failures: number) => Promise<T>): Promise<T> {
  for (let failures = 0; ; ) {
    try {
      return await attempt(failures);
    } catch (error) {
      await again(error, ++failures, limits);
    }
  }
}
