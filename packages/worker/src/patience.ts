import { APIError } from '@vergeai/sdk';
import { pause } from './pause.js';
import type { Reaction } from './refusals.js';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 15_000;
const LONGEST_OBEYED_MS = 60_000;

/** How long the server asked to wait, up to a minute. */
export const askedMs = (error: unknown): number => (error instanceof APIError ? Math.min(error.retryAfterMs ?? 0, LONGEST_OBEYED_MS) : 0);

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
      return pause(Math.max(askedMs(error), growing * (0.5 + Math.random() / 2)), signal);
    },
  };
}

/** What came in the way, and what the device does about it other than trying again. */
export class Setback extends Error {
  override readonly name = 'Setback';
  readonly error: unknown;
  readonly reaction: Reaction;

  constructor(error: unknown, reaction: Reaction) {
    super(String(error));
    this.error = error;
    this.reaction = reaction;
  }
}

export interface Persistence {
  /** What to do about an error. */
  readonly react: (error: unknown) => Reaction;
  readonly signal: AbortSignal;
  /** It failed, and will be tried again. */
  readonly onAgain: (error: unknown) => void;
}

/**
 * Tries again for as long as `react` says so; `renew` is true after an attempt whose ticket or link was spent.
 * @throws Setback when something else is to be done; the signal's reason.
 */
export async function persist<T>({ react, signal, onAgain }: Persistence, attempt: (renew: boolean) => Promise<T>): Promise<T> {
  const backoff = createBackoff();
  for (let renew = false; ; ) {
    try {
      return await attempt(renew);
    } catch (error) {
      signal.throwIfAborted();
      const reaction = react(error);
      if (reaction !== 'again' && reaction !== 'renew') throw new Setback(error, reaction);
      renew = reaction === 'renew';
      onAgain(error);
      await backoff.pause(error, signal);
      signal.throwIfAborted();
    }
  }
}
