import { TimeoutError } from './errors.js';

/** A signal that aborts with the caller's reason, or with a TimeoutError once `timeoutMs` are over. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Must be called when there is nothing left to end. */
  clear(): void;
}

export function deadline(timeoutMs: number, message: () => string, caller?: AbortSignal): Deadline {
  const controller = new AbortController();
  const abort = () => controller.abort(caller?.reason);
  const timer = setTimeout(() => controller.abort(new TimeoutError(message())), timeoutMs);
  if (caller?.aborted) abort();
  else caller?.addEventListener('abort', abort, { once: true });
  return {
    signal: controller.signal,
    clear() {
      clearTimeout(timer);
      caller?.removeEventListener('abort', abort);
    },
  };
}
