/**
 * A file that grows is made durable in steps of so many bytes. Left to the end, a large one would occupy the disk for hundreds of
 * milliseconds, and every COMMIT would wait behind it.
 */
const STEP_BYTES = 8 * 1024 * 1024;

/** Tells when a file that is being written has to be synced. */
export class SteadySync {
  #waiting = 0;

  /** Counts bytes that were written; whether it is time to sync those and all before them. */
  isDue(written: number): boolean {
    this.#waiting += written;
    if (this.#waiting < STEP_BYTES) return false;
    this.#waiting = 0;
    return true;
  }
}
