import { ConnectionError, TimeoutError, VergeAIError } from './errors.js';
import { noAnswer } from './platform/node.js';

export const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Ends one HTTP exchange when the caller aborts, or when nothing has moved for `timeoutMs`. */
export class Watch {
  readonly #controller = new AbortController();
  readonly #caller: AbortSignal | undefined;
  readonly #timeoutMs: number;
  readonly #what: string;
  readonly #url: URL;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #timedOut = false;

  constructor(method: string, url: string | URL, timeoutMs: number, caller?: AbortSignal) {
    this.#url = new URL(url);
    // Without the query, which may hold a ticket.
    this.#what = `${method} ${this.#url.origin}${this.#url.pathname}`;
    this.#timeoutMs = timeoutMs;
    this.#caller = caller;
    if (caller?.aborted) this.#abort();
    else caller?.addEventListener('abort', this.#abort, { once: true });
    this.moved();
  }

  readonly #abort = () => this.#controller.abort(this.#caller?.reason);

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Something moved, or is about to be waited for: the time starts anew, with `extraMs` for what can't be seen moving. */
  moved(extraMs = 0): void {
    this.rest();
    this.#timer = setTimeout(() => {
      this.#timedOut = true;
      this.#controller.abort();
    }, Math.min(this.#timeoutMs + extraMs, LONGEST_TIMER_MS));
  }

  /** It is the caller's turn: no time runs. */
  rest(): void {
    clearTimeout(this.#timer);
  }

  /** Resolves or rejects as `promise` does, or rejects with an explanation when the watch ends first. */
  async bound<T>(promise: Promise<T>): Promise<T> {
    let ended!: () => void;
    const end = new Promise<never>((_, reject) => {
      ended = () => reject(this.explain(this.signal.reason));
      if (this.signal.aborted) ended();
      else this.signal.addEventListener('abort', ended, { once: true });
    });
    try {
      return await Promise.race([promise, end]);
    } finally {
      this.signal.removeEventListener('abort', ended);
    }
  }

  /** What to throw for `error`: the caller's own reason when they aborted, else an error of this client. */
  explain(error: unknown): unknown {
    if (error instanceof VergeAIError) return error;
    if (this.#caller?.aborted) return this.#caller.reason;
    if (this.#timedOut) return new TimeoutError(`${this.#what}: nothing moved for ${this.#timeoutMs} ms.`);
    return new ConnectionError(`${this.#what}: ${noAnswer(error, this.#url)}`, { cause: error });
  }

  /** Must be called when the exchange is over; also frees a connection whose answer was not read to the end. */
  stop(): void {
    this.rest();
    this.#caller?.removeEventListener('abort', this.#abort);
    this.#controller.abort();
  }
}
