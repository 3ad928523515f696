import { usableCount, usableTimeout, type Settings } from './settings.js';

/** What any single call may decide for itself. */
export interface CallOptions {
  /** Ends the call; its promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** How long one attempt may stand still, in milliseconds. */
  readonly timeoutMs?: number | undefined;
  /** How often the call is repeated when it fails for a passing reason. */
  readonly maxRetries?: number | undefined;
  /** Makes a POST safe to repeat, also by another process; the client makes one per call when it is left out. */
  readonly idempotencyKey?: string | undefined;
  /** Sent in addition. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export interface Limits {
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number;
  readonly maxRetries: number;
}

/** The call's own limits, or the client's. */
export const limitsOf = (options: CallOptions, settings: Settings): Limits => ({
  signal: options.signal,
  timeoutMs: usableTimeout(options.timeoutMs ?? settings.timeoutMs),
  maxRetries: usableCount(options.maxRetries ?? settings.maxRetries),
});
