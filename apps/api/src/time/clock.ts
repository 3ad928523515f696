/** Time, for everything in the server. A test has one that is stepped. */
export interface Clock {
  /** The time of day. */
  now(): Date;
  /** Milliseconds since some moment in the past. It never goes back, also when the time of day is set. */
  monotonic(): number;
  /**
   * Calls `run` once, in `ms`; returns how to call it off. A promise that it gives must not reject: a clock that is
   * stepped waits for it.
   */
  after(ms: number, run: () => void | Promise<void>): () => void;
}
