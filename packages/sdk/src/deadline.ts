import { TimeoutError } from './errors.js';

/** A signal that aborts with the caller's reason, or with a TimeoutError once `timeoutMs` are over. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Must be called when it is over; what still listens to the signal ends, too. */
  end(): void;
}

export function deadline(timeoutMs: number, message: () => string, caller?: AbortSignal): Deadline {
  const controller = new AbortController();
  const abort = () => controller.abort(caller?.reason);
  const timer = setTimeout(() => controller.abort(new TimeoutError(message())), timeoutMs);
  if (caller?.aborted) abort();
  else caller?.addEventListener('abort', abort, { once: true });
  return {
    signal: controller.signal,
    end() {
      clearTimeout(timer);
      caller?.removeEventListener('abort', abort);
      controller.abort();
    },
  };
}
