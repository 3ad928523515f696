import { APIError, ConnectionError, TimeoutError } from '@vergeai/sdk';
import { pause } from './pause.js';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 15_000;
const LONGEST_OBEYED_MS = 60_000;

const temporaryStatus: ReadonlySet<number> = new Set([408, 429]);
const temporaryCode: ReadonlySet<string | undefined> = new Set(['idempotency_in_progress', 'conflict', 'ticket_expired', 'ticket_used', 'incomplete_body']);

/**
 * Whether a device should come back later. More than what a single call repeats: a fault in the server, or a full
 * disk, is not the end of a device.
 */
export const isTemporary = (error: unknown): boolean =>
  error instanceof ConnectionError ||
  error instanceof TimeoutError ||
  (error instanceof APIError && (error.statusCode >= 500 || temporaryStatus.has(error.statusCode) || temporaryCode.has(error.code)));

const overCodes: ReadonlySet<string | undefined> = new Set([
  'job_closed',
  'update_already_submitted',
  'device_not_drawn',
  'job_not_started',
  'job_not_found',
  'project_not_found',
]);

/** Whether the server says that the job does not wait for this device any more. */
export const saysOver = (error: unknown): boolean => error instanceof APIError && overCodes.has(error.code);

export interface Backoff {
  reset(): void;
  /** Waits, longer each time, with jitter, and at least as long as the server asked for. */
  pause(error: unknown, signal: AbortSignal): Promise<void>;
}

export function createBackoff(): Backoff {
  let failures = 0;
  return {
    reset: () => void (failures = 0),
    pause(error, signal) {
      const growing = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(failures++, 10));
      const asked = error instanceof APIError ? Math.min(error.retryAfterMs ?? 0, LONGEST_OBEYED_MS) : 0;
      return pause(Math.max(asked, growing * (0.5 + Math.random() / 2)), signal);
    },
  };
}
