import type { Context } from '../context.js';
import { sleep } from '../time/sleep.js';

const ATTEMPTS = 3;

/** Runs a transaction again, twice at most, when the database was too busy for it: nothing of it has been written then. */
export async function retryWhenBusy<T>({ db, clock }: Pick<Context, 'db' | 'clock'>, attempt: () => Promise<T>): Promise<T> {
  for (let failed = 1; ; failed++) {
    try {
      return await attempt();
    } catch (error) {
      if (failed >= ATTEMPTS || !db.isBusy(error)) throw error;
      await sleep(clock, Math.random() * 50 * 2 ** failed);
    }
  }
}
