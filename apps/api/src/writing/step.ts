import type { Transaction } from '@vergeai/db';
import type { Call } from '../access/actor.js';
import type { Context } from '../context.js';
import type { Signal } from '../signals/signals.js';
import type { NewEvent } from './new-event.js';

/**
 * One change of state: a transaction, who asked for it (nobody, when the server did), what to write into the logs of
 * experiments at its end, and whom to tell once it is committed.
 */
export interface Step {
  readonly ctx: Context;
  readonly tx: Transaction;
  readonly call: Call | undefined;
  /** By experiment, in order. */
  readonly events: Map<string, NewEvent[]>;
  readonly signals: Signal[];
  /**
   * Asks whether the caller's right still stands. It is asked at the end, when all locks have been waited for, unless `work` has
   * asked before: because it takes that right away itself.
   */
  askForRight(): Promise<void>;
}
