import type { HotStatement, Transaction } from '@vergeai/db';

/** What there is to do in the background. The payload is ids only. */
export interface TaskPayloads {
  /** Make the aggregate of the job's updates, which are frozen once it is in AGGREGATION_IN_PROGRESS, and hand it to the job. */
  aggregate: { readonly jobId: string };
  /** Start the experiment's next job. */
  continue_series: { readonly projectId: string; readonly experimentId: string };
  /** Start the first job of each member of the sweep. */
  start_sweep: { readonly projectId: string; readonly sweepId: string };
}
export type TaskKind = keyof TaskPayloads;

export interface Task<K extends TaskKind = TaskKind> {
  readonly id: string;
  readonly kind: K;
  readonly payload: TaskPayloads[K];
  /** Counts from 1, and every time a worker takes the task, unless it gave it back. */
  readonly attempt: number;
  /** How many attempts ended with an error. */
  readonly failures: number;
  /** How many ended with their worker. */
  readonly deaths: number;
  /** So many failures, and all that is left is to give up. */
  readonly maxAttempts: number;
  /** And so many deaths. */
  readonly maxDeaths: number;
  /**
   * Finishes the task in the transaction that holds its effect. Throws LostLease when another worker has taken it over
   * meanwhile: the transaction then rolls back, and what the other one does counts.
   */
  finish(tx: Transaction): Promise<void>;
}

/** Runs one task. Throwing means "try again later". What it throws for want of something that may be there again is no failure. */
export type TaskHandler<K extends TaskKind> = (task: Task<K>, signal: AbortSignal) => Promise<void>;
export type TaskHandlers = { readonly [K in TaskKind]: TaskHandler<K> };

export class LostLease extends Error {
  override readonly name = 'LostLease';
}

/**
 * Background work that survives the process: at least once in execution, and, through `finish`, once in effect.
 * One suite holds every implementation to this.
 */
export interface TaskQueue {
  /** Adds a task in the transaction that makes it necessary. A second unfinished task of the same kind and dedupe key is not added. */
  add<K extends TaskKind>(tx: Transaction, kind: K, dedupeKey: string, payload: TaskPayloads[K]): Promise<void>;
  /** The same as a statement, for a transaction that is known beforehand. */
  addition<K extends TaskKind>(kind: K, dedupeKey: string, payload: TaskPayloads[K]): HotStatement;
  /** Begins to work. */
  start(handlers: TaskHandlers): Promise<void>;
  /** Takes no new tasks, aborts those under way and gives their leases back. */
  stop(): Promise<void>;
}

export const MAX_ATTEMPTS = 5;

/** Seconds until the next attempt after so many failures: 1, 4, 9, 16. */
export const backOffSec = (failures: number): number => failures ** 2;

/** A server that is killed for another reason is killed again soon: with the waits in between these take a minute. */
export const MAX_DEATHS = 12;

/** Seconds until the next attempt after so many deaths: nobody whose server comes back waits for long. */
export const deathBackOffSec = (deaths: number): number => (deaths > 1 ? 5 : 0);

/** After what is no failure. */
export const PASSING_SEC = 5;
