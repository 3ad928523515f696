import type { Context } from '../context.js';
import { Refusal, refusalForShortage } from '../refusal.js';

/** Whether an error says that the database or the machine had not enough at that moment: the same may succeed later, and says nothing of what was tried. */
export function isPassing({ db }: Pick<Context, 'db'>, error: unknown): boolean {
  if (error instanceof Refusal) return error.code === 'busy' || error.code === 'storage_full';
  return db.isBusy(error) || db.isUnavailable(error) || db.isFull(error) || refusalForShortage(error) !== undefined;
}
