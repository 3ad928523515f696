import type { Context } from '../context.js';

/** More than any two oscillators drift apart in a minute, and too little for a lease or a deadline to notice. */
const AT_MOST_MS = 50;

/** Keeps the servers of one PostgreSQL together for as long as they run. A clock there that is set changes next to nothing. */
export async function followDatabase({ db, timebase }: Pick<Context, 'db' | 'timebase'>): Promise<void> {
  if (db.timeOfDay) timebase.approach(await db.timeOfDay(), AT_MOST_MS);
}
