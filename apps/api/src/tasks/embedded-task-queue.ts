import { randomUUID } from 'node:crypto';
import type { Transaction } from '../writing/commit.js';
import type { Context } from '../context.js';
import { every } from '../time/every.js';
import { backOffSec, LostLease, MAX_ATTEMPTS, type Task, type TaskHandler, type TaskHandlers, type TaskKind, type TaskPayloads, type TaskQueue } from './task-queue.js';

/** Short enough that a task whose server died goes on within 10 s. */
const LEASE_MS = 8_000;
const RENEW_EVERY_MS = 2_000;
const LOOK_EVERY_MS = 1_000;

type Outside = Pick<Context, 'db' | 'clock' | 'newId' | 'log' | 'signals'>;

interface TaskRow {
  id: string;
  kind: string;
  payload: string;
  attempts: number;
  fence: number;
}

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
    const now = this.#outside.clock.now();
    if (await tx.task.findFirst({ where: { kind, dedupeKey, finishedAt: null }, select: { id: true } })) return;
    await tx.task.create({
      data: { id: this.#outside.newId(), kind, dedupeKey, payload: JSON.stringify(payload), runAt: now, attempts: 0, fence: 0, createdAt: now },
      select: { id: true },
    });
  }

  async start(handlers: TaskHandlers): Promise<void> {
    this.#handlers = handlers;
    const { db, log, signals } = this.#outside;
    // On SQLite this process is alone with its data, so whoever held a lease is gone and need not be waited for.
    if (db.kind === 'sqlite') await db.prisma.task.updateMany({ where: { finishedAt: null }, data: { leaseOwner: null, leaseExpiresAt: null } });
    this.#unsubscribe = signals.subscribe((signal) => {
      if (signal.about === 'tasks') this.#look();
    });
    const logError = (error: unknown) => log.error({ err: error }, 'the task queue could not be read');
    this.#stopTimers = [
      every(LOOK_EVERY_MS, () => Promise.resolve(this.#look()), logError),
      every(RENEW_EVERY_MS, () => this.#renew(), logError),
    ];
    this.#look();
  }

  async stop(): Promise<void> {
    this.#handlers = undefined;
    this.#unsubscribe();
    await Promise.all(this.#stopTimers.map((stop) => stop()));
    await this.#looking;
    for (const { abort } of this.#running.values()) abort.abort();
    await Promise.all([...this.#running.values()].map(({ done }) => done));
    await this.#outside.db.prisma.task.updateMany({
      where: { leaseOwner: this.#owner, finishedAt: null },
      // To be interrupted is not to fail: the attempt does not count.
      data: { leaseOwner: null, leaseExpiresAt: null, attempts: { decrement: 1 } },
    });
  }

  /** Takes as many tasks as there is room for; a call while it is looking makes it look once more. */
  #look(): void {
    this.#lookAgain = true;
    this.#looking ??= this.#takeTasks()
      .catch((error: unknown) => this.#outside.log.error({ err: error }, 'the task queue could not be read'))
      .finally(() => {
        this.#looking = undefined;
      });
  }

  async #takeTasks(): Promise<void> {
    while (this.#lookAgain && this.#handlers) {
      this.#lookAgain = false;
      const room = this.#concurrency - this.#running.size;
      if (room <= 0) return;
      const now = this.#outside.clock.now();
      const due = await this.#outside.db.hot.all<TaskRow>(
        `SELECT t."id", t."kind", t."payload", t."attempts", t."fence" FROM "Task" t
         WHERE t."finishedAt" IS NULL AND t."runAt" <= ? AND (t."leaseExpiresAt" IS NULL OR t."leaseExpiresAt" <= ?)
         ORDER BY t."runAt", t."id" LIMIT ?`,
        [now, now, this.#concurrency],
      );
      // Not what runs here: after a pause of this process it may look lapsed, and still be under way.
      const others = due.filter(({ id }) => !this.#running.has(id));
      for (const task of others.slice(0, room)) await this.#take(task);
    }
  }

  /** Leases a task, unless another worker was quicker. */
  async #take(row: TaskRow): Promise<void> {
    const { db, clock } = this.#outside;
    const now = clock.now();
    const { count } = await db.prisma.task.updateMany({
      where: { id: row.id, fence: row.fence, finishedAt: null },
      data: { leaseOwner: this.#owner, leaseExpiresAt: new Date(now.getTime() + LEASE_MS), fence: { increment: 1 }, attempts: { increment: 1 } },
    });
    if (count === 0 || !this.#handlers) return;
    const abort = new AbortController();
    const leased = { ...row, attempts: row.attempts + 1, fence: row.fence + 1 };
    const done = this.#run(leased, this.#handlers[row.kind as TaskKind] as TaskHandler<TaskKind>, abort.signal).finally(() => {
      this.#running.delete(row.id);
      this.#look();
    });
    this.#running.set(row.id, { abort, done });
  }

  async #run(row: TaskRow, handler: TaskHandler<TaskKind>, signal: AbortSignal): Promise<void> {
    const { log } = this.#outside;
    try {
      await handler(this.#task(row), signal);
    } catch (error) {
      if (error instanceof LostLease || signal.aborted) return;
      log.warn({ err: error, task: row.id, kind: row.kind, attempt: row.attempts }, 'a task failed');
      await this.#putBack(row, error).catch((reason: unknown) => log.error({ err: reason, task: row.id }, 'a failed task waits for its lease to end'));
    }
  }

  #task(row: TaskRow): Task {
    return {
      id: row.id,
      kind: row.kind as TaskKind,
      payload: JSON.parse(row.payload) as TaskPayloads[TaskKind],
      attempt: row.attempts,
      maxAttempts: MAX_ATTEMPTS,
      finish: async (tx) => {
        const { count } = await tx.task.updateMany({
          where: { id: row.id, fence: row.fence, finishedAt: null },
          data: { finishedAt: this.#outside.clock.now(), leaseOwner: null, leaseExpiresAt: null },
        });
        if (count === 0) throw new LostLease(`task ${row.id} was taken over`);
      },
    };
  }

  async #putBack(row: TaskRow, error: unknown): Promise<void> {
    const now = this.#outside.clock.now();
    await this.#outside.db.prisma.task.updateMany({
      where: { id: row.id, fence: row.fence, finishedAt: null },
      data: {
        leaseOwner: null,
        leaseExpiresAt: null,
        lastError: String(error).slice(0, 2000),
        runAt: new Date(now.getTime() + backOffSec(row.attempts) * 1000),
      },
    });
  }

  async #renew(): Promise<void> {
    if (this.#running.size === 0) return;
    const now = this.#outside.clock.now();
    await this.#outside.db.prisma.task.updateMany({
      where: { id: { in: [...this.#running.keys()] }, leaseOwner: this.#owner, finishedAt: null },
      data: { leaseExpiresAt: new Date(now.getTime() + LEASE_MS) },
    });
  }
}
