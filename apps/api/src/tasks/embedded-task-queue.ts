import { randomUUID } from 'node:crypto';
import { build, query, statement, type HotStatement, type RowOf, type Transaction } from '@vergeai/db';
import type { Context } from '../context.js';
import { isPassing } from '../writing/is-passing.js';
import { takeKnownStep } from '../writing/take-known-step.js';
import { every } from '../time/every.js';
import { backOffSec, deathBackOffSec, LostLease, MAX_ATTEMPTS, MAX_DEATHS, PASSING_SEC, type Task, type TaskHandler, type TaskHandlers, type TaskKind, type TaskPayloads, type TaskQueue } from './task-queue.js';

/** Short enough that a task whose server died goes on within 10 s. */
const LEASE_MS = 8_000;
const RENEW_EVERY_MS = 2_000;
const LOOK_EVERY_MS = 1_000;
/** No lease is longer, and no back-off: those of tasks are 16 s at most. */
const LONGEST_WAIT_MS = 20_000;

type Outside = Pick<Context, 'db' | 'clock' | 'timebase' | 'newId' | 'log' | 'signals' | 'secrets'>;

/** A unique index lets through only one that is not finished, of the same kind and dedupe key. */
const addTask = statement((task: { id: string; kind: string; dedupeKey: string; payload: string; now: Date }) =>
  build
    .insertInto('Task')
    .values({ id: task.id, kind: task.kind, dedupeKey: task.dedupeKey, payload: task.payload, runAt: task.now, attempts: 0, failures: 0, fence: 0, createdAt: task.now })
    .onConflict((second) => second.doNothing()));

/** What is to wait for longer than any back-off or lease was put there when the clock was wrong. */
const dueTasks = query((at: { now: Date; tooFar: Date; limit: number }) =>
  build
    .selectFrom('Task')
    .select(['id', 'kind', 'payload', 'attempts', 'failures', 'fence', 'leaseOwner'])
    .where('finishedAt', 'is', null)
    .where((task) => task.or([task('runAt', '<=', at.now), task('runAt', '>', at.tooFar)]))
    .where((task) => task.or([task('leaseExpiresAt', 'is', null), task('leaseExpiresAt', '<=', at.now), task('leaseExpiresAt', '>', at.tooFar)]))
    .orderBy('runAt')
    .orderBy('id')
    .limit(at.limit));
type TaskRow = RowOf<typeof dueTasks>;

/** Takes the lease, if the task is still as it was found. The attempt counts whatever becomes of it. */
const takeTask = statement((task: { id: string; fence: number; owner: string; until: Date }) =>
  build
    .updateTable('Task')
    .set((row) => ({ leaseOwner: task.owner, leaseExpiresAt: task.until, fence: row('fence', '+', 1), attempts: row('attempts', '+', 1) }))
    .where('id', '=', task.id)
    .where('fence', '=', task.fence)
    .where('finishedAt', 'is', null), 1);

const finishTask = statement((task: { id: string; fence: number; now: Date }) =>
  build
    .updateTable('Task')
    .set({ finishedAt: task.now, leaseOwner: null, leaseExpiresAt: null })
    .where('id', '=', task.id)
    .where('fence', '=', task.fence)
    .where('finishedAt', 'is', null));

const putBackTask = statement((task: { id: string; fence: number; attempts: number; failures: number; error: string; runAt: Date }) =>
  build
    .updateTable('Task')
    .set({ leaseOwner: null, leaseExpiresAt: null, attempts: task.attempts, failures: task.failures, lastError: task.error, runAt: task.runAt })
    .where('id', '=', task.id)
    .where('fence', '=', task.fence)
    .where('finishedAt', 'is', null));

/** To be interrupted is not to fail: the attempt does not count. */
const releaseTasks = statement((of: { owner: string }) =>
  build
    .updateTable('Task')
    .set((row) => ({ leaseOwner: null, leaseExpiresAt: null, attempts: row('attempts', '-', 1) }))
    .where('leaseOwner', '=', of.owner)
    .where('finishedAt', 'is', null));

/** Everything that somebody holds. */
const heldTasks = query(() =>
  build.selectFrom('Task').select(['id', 'kind', 'payload', 'attempts', 'failures', 'fence', 'leaseOwner']).where('finishedAt', 'is', null).where('leaseOwner', 'is not', null));

const renewLease = statement((task: { id: string; owner: string; until: Date }) =>
  build
    .updateTable('Task')
    .set({ leaseExpiresAt: task.until })
    .where('id', '=', task.id)
    .where('leaseOwner', '=', task.owner)
    .where('finishedAt', 'is', null));

/** Tasks as rows beside the data they change, so that adding and finishing one is part of the same transaction. */
export class EmbeddedTaskQueue implements TaskQueue {
  readonly #outside: Outside;
  readonly #owner = randomUUID();
  readonly #concurrency: number;
  readonly #running = new Map<string, { readonly abort: AbortController; readonly done: Promise<void> }>();
  #handlers: TaskHandlers | undefined;
  #stopTimers: Array<() => Promise<void>> = [];
  #unsubscribe = () => {};
  #looking: Promise<void> | undefined;
  #lookAgain = false;

  constructor(outside: Outside, concurrency: number) {
    this.#outside = outside;
    this.#concurrency = concurrency;
  }

  async add<K extends TaskKind>(tx: Transaction, kind: K, dedupeKey: string, payload: TaskPayloads[K]): Promise<void> {
    await this.#outside.db.run(tx, this.addition(kind, dedupeKey, payload));
  }

  addition<K extends TaskKind>(kind: K, dedupeKey: string, payload: TaskPayloads[K]): HotStatement {
    return addTask({ id: this.#outside.newId(), kind, dedupeKey, payload: JSON.stringify(payload), now: this.#outside.timebase.now() });
  }

  async start(handlers: TaskHandlers): Promise<void> {
    this.#handlers = handlers;
    const { db, clock, log, signals } = this.#outside;
    // On SQLite this process is alone with its data, so whoever held a lease is gone and need not be waited for.
    if (db.kind === 'sqlite') for (const task of await db.hot.all(heldTasks, {})) await this.#noteDeath(task);
    this.#unsubscribe = signals.subscribe((signal) => {
      if (signal.about === 'tasks') void this.#look();
    });
    const logError = (error: unknown) => log.error({ err: error }, 'the task queue could not be read');
    this.#stopTimers = [
      every(clock, LOOK_EVERY_MS, () => this.#look(), logError),
      every(clock, RENEW_EVERY_MS, () => this.#renew(), logError),
    ];
    void this.#look();
  }

  async stop(): Promise<void> {
    this.#handlers = undefined;
    this.#unsubscribe();
    await Promise.all(this.#stopTimers.map((stop) => stop()));
    await this.#looking;
    for (const { abort } of this.#running.values()) abort.abort();
    await Promise.all([...this.#running.values()].map(({ done }) => done));
    await this.#write(releaseTasks({ owner: this.#owner }));
  }

  /** Takes as many tasks as there is room for; a call while it is looking makes it look once more. Resolves when it has looked. */
  #look(): Promise<void> {
    this.#lookAgain = true;
    this.#looking ??= this.#takeTasks()
      .catch((error: unknown) => this.#outside.log.error({ err: error }, 'the task queue could not be read'))
      .finally(() => {
        this.#looking = undefined;
      });
    return this.#looking;
  }

  async #takeTasks(): Promise<void> {
    while (this.#lookAgain && this.#handlers) {
      this.#lookAgain = false;
      const room = this.#concurrency - this.#running.size;
      if (room <= 0) return;
      const now = this.#outside.timebase.now();
      const due = await this.#outside.db.hot.all(dueTasks, { now, tooFar: new Date(now.getTime() + LONGEST_WAIT_MS), limit: this.#concurrency });
      // Not what runs here: after a pause of this process it may look lapsed, and still be under way.
      const others = due.filter(({ id }) => !this.#running.has(id));
      for (const task of others.slice(0, room)) {
        if (task.leaseOwner === null) {
          await this.#take(task);
        } else {
          await this.#noteDeath(task);
          this.#lookAgain = true;
        }
      }
    }
  }

  /** Leases a task, unless another worker was quicker. */
  async #take(row: TaskRow): Promise<void> {
    const until = new Date(this.#outside.timebase.now().getTime() + LEASE_MS);
    const taken = await this.#write(takeTask({ id: row.id, fence: row.fence, owner: this.#owner, until }));
    if (!taken || !this.#handlers) return;
    const abort = new AbortController();
    const leased = { ...row, attempts: row.attempts + 1, fence: row.fence + 1 };
    const done = this.#run(leased, this.#handlers[row.kind as TaskKind] as TaskHandler<TaskKind>, abort.signal).finally(() => {
      this.#running.delete(row.id);
      void this.#look();
    });
    this.#running.set(row.id, { abort, done });
  }

  async #run(row: TaskRow, handler: TaskHandler<TaskKind>, signal: AbortSignal): Promise<void> {
    const { log } = this.#outside;
    try {
      await handler(this.#task(row), signal);
    } catch (error) {
      if (signal.aborted) return;
      const task = { task: row.id, kind: row.kind, attempt: row.attempts };
      if (error instanceof LostLease) return log.warn(task, 'a task was taken over by another worker');
      log.warn({ err: error, ...task }, 'a task failed');
      await this.#putBack(row, error).catch((reason: unknown) => log.error({ err: reason, task: row.id }, 'a failed task waits for its lease to end'));
    }
  }

  #task(row: TaskRow): Task {
    return {
      id: row.id,
      kind: row.kind as TaskKind,
      payload: JSON.parse(row.payload) as TaskPayloads[TaskKind],
      attempt: row.attempts,
      failures: row.failures,
      deaths: row.attempts - 1 - row.failures,
      maxAttempts: MAX_ATTEMPTS,
      maxDeaths: MAX_DEATHS,
      finish: async (tx) => {
        const { db, clock } = this.#outside;
        const count = await db.run(tx, finishTask({ id: row.id, fence: row.fence, now: clock.now() }));
        if (count === 0) throw new LostLease(`task ${row.id} was taken over`);
      },
    };
  }

  /** What failed for want of something is as if it had not been tried. */
  async #putBack(row: TaskRow, error: unknown): Promise<void> {
    const passing = isPassing(this.#outside, error);
    const attempts = passing ? row.attempts - 1 : row.attempts;
    const failures = passing ? row.failures : row.failures + 1;
    const waitSec = passing ? PASSING_SEC : backOffSec(failures);
    await this.#write(putBackTask({ id: row.id, fence: row.fence, attempts, failures, error: String(error).slice(0, 2000), runAt: this.#in(waitSec) }));
  }

  /** Its worker has ended, or sleeps: it is nobody's from now on. */
  async #noteDeath({ id, fence, attempts, failures, leaseOwner }: TaskRow): Promise<void> {
    const error = `the server that ran it ended (worker ${leaseOwner})`;
    const died = { id, fence, attempts, failures, error, runAt: this.#in(deathBackOffSec(attempts - failures)) };
    await this.#write(putBackTask(died));
  }

  #in(seconds: number): Date {
    return new Date(this.#outside.timebase.now().getTime() + seconds * 1000);
  }

  async #renew(): Promise<void> {
    if (this.#running.size === 0) return;
    const until = new Date(this.#outside.timebase.now().getTime() + LEASE_MS);
    await this.#write(...[...this.#running.keys()].map((id) => renewLease({ id, owner: this.#owner, until })));
  }

  /** Gives false when it was not as expected. */
  #write(...statements: HotStatement[]): Promise<boolean> {
    return takeKnownStep(this.#outside, undefined, { statements });
  }
}
