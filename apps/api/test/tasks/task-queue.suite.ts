import { eventually } from '@vergeai/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Transaction } from '@vergeai/db';
import { LostLease, type Task, type TaskHandler, type TaskHandlers, type TaskQueue } from '../../src/tasks/task-queue.js';

/** A queue and what is around it, for the suite below. Every worker is a queue object on the same storage, as another process would have it. */
export interface TaskQueueWorld {
  /** A worker that has not been started. */
  newWorker(concurrency?: number): TaskQueue;
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** Time passes, for leases and back-off: at once, and not otherwise. Every worker has looked for tasks after it when this resolves, if that is two seconds or more. */
  advance(ms: number): Promise<void>;
  /** When the lease on the task of this job ends; null when it was finished or put back. */
  leaseEnd(jobId: string): Promise<Date | null>;
  /** A worker dies as with kill -9: it renews nothing, gives nothing back and takes nothing new, but what it runs may wake up later as a zombie. */
  die(worker: TaskQueue): void;
  /** An effect that is there or not. */
  effect(tx: Transaction, id: string): Promise<void>;
  effects(): Promise<string[]>;
  close(): Promise<void>;
}

export interface TaskQueueKind {
  /** Whether several processes may work side by side; where they may not, whoever starts takes all that is left undone at once. */
  readonly sideBySide: boolean;
}

/** What every TaskQueue promises, whatever it is made of. */
export function describeTaskQueue(what: string, { sideBySide }: TaskQueueKind, newWorld: () => Promise<TaskQueueWorld>): void {
  describe(`a task on ${what}`, () => {
    let world: TaskQueueWorld;
    const workers: TaskQueue[] = [];
    beforeEach(async () => {
      world = await newWorld();
    });
    afterEach(async () => {
      await Promise.all(workers.splice(0).map((queue) => queue.stop()));
      await world.close();
    });

    const jobId = (n: number) => n.toString(16).padStart(32, '0');
    const add = (queue: TaskQueue, n: number) => world.transaction((tx) => queue.add(tx, 'aggregate', jobId(n), { jobId: jobId(n) }));
    /** Nobody is told of a task here: every worker looks by itself. */
    const look = () => world.advance(1_000);
    const untaken = (n: number) => eventually('nobody has it any more', async () => (await world.leaseEnd(jobId(n))) === null);
    const finish = (task: Task) => world.transaction((tx) => task.finish(tx));
    const handlers = (aggregate: TaskHandler<'aggregate'>): TaskHandlers => ({ aggregate, start_sweep: undefined as never, continue_series: aggregate as never });

    function worker(concurrency?: number): TaskQueue {
      const made = world.newWorker(concurrency);
      workers.push(made);
      return made;
    }

    async function started(aggregate: TaskHandler<'aggregate'>, concurrency?: number): Promise<TaskQueue> {
      const made = worker(concurrency);
      await made.start(handlers(aggregate));
      return made;
    }

    /** A handler that notes what it is given and waits to be let go. */
    function slow() {
      const seen: Task[] = [];
      const waiting: Array<() => void> = [];
      let running = 0;
      let most = 0;
      const handler: TaskHandler<'aggregate'> = async (task, signal) => {
        seen.push(task);
        most = Math.max(most, ++running);
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
          signal.addEventListener('abort', () => resolve(), { once: true });
        });
        running--;
        if (signal.aborted) throw new Error('aborted');
        await finish(task);
      };
      return { handler, seen, most: () => most, letGo: () => waiting.splice(0).forEach((go) => go()) };
    }

    it('runs with the payload it was added with, once, and not again after it has finished', async () => {
      const seen: Task[] = [];
      const queue = await started(async (task) => {
        seen.push(task);
        await finish(task);
      });
      await add(queue, 1);
      await look();
      await eventually('it ran', () => seen.length > 0);
      expect(seen[0]).toMatchObject({ kind: 'aggregate', payload: { jobId: jobId(1) }, attempt: 1, failures: 0, deaths: 0, maxAttempts: 5 });
      await untaken(1);
      await world.advance(3_600_000);
      expect(seen).toHaveLength(1);
    });

    it('that was added in a transaction that rolled back never runs', async () => {
      const seen: string[] = [];
      const queue = await started(async (task) => {
        seen.push(task.payload.jobId);
        await finish(task);
      });
      const rolledBack = world.transaction(async (tx) => {
        await queue.add(tx, 'aggregate', jobId(1), { jobId: jobId(1) });
        throw new Error('rolled back by the test');
      });
      await expect(rolledBack).rejects.toThrow('rolled back by the test');
      await add(queue, 2);
      await look();
      await eventually('the other ran', () => seen.length > 0);
      await world.advance(2_000);
      expect(seen).toEqual([jobId(2)]);
    });

    it('is not seen before its transaction is committed', async () => {
      const seen: string[] = [];
      const queue = await started(async (task) => {
        seen.push(task.payload.jobId);
        await finish(task);
      });
      await world.transaction(async (tx) => {
        await queue.add(tx, 'aggregate', jobId(1), { jobId: jobId(1) });
        await world.advance(2_000);
        expect(seen).toEqual([]);
      });
      await look();
      await eventually('it ran', () => seen.length > 0);
    });

    it('with the dedupe key of one that is not finished is not added; after that one has finished it is', async () => {
      const { handler, seen, letGo } = slow();
      const queue = await started(handler);
      await add(queue, 1);
      await add(queue, 1);
      await look();
      await eventually('it runs', () => seen.length > 0);
      await add(queue, 1);
      letGo();
      await untaken(1);
      await world.advance(2_000);
      expect(seen).toHaveLength(1);
      await add(queue, 1);
      await look();
      await eventually('it runs again', () => seen.length > 1);
      letGo();
    });

    it('that many add at once is there once', async () => {
      const { handler, seen, letGo } = slow();
      const queue = worker();
      // Who loses the race may be refused; nobody makes a second one.
      await Promise.allSettled(Array.from({ length: 10 }, () => add(queue, 1)));
      await queue.start(handlers(handler));
      await eventually('it runs', () => seen.length > 0);
      await world.advance(2_000);
      expect(seen).toHaveLength(1);
      letGo();
    });

    it('runs beside others, as many as the worker was told and no more', async () => {
      const { handler, seen, most, letGo } = slow();
      const queue = await started(handler, 2);
      for (let n = 0; n < 5; n++) await add(queue, n);
      await look();
      await eventually('both places are taken', () => seen.length === 2);
      await eventually('all have run', () => {
        letGo();
        return seen.length === 5;
      });
      letGo();
      expect(most()).toBe(2);
    });

    it('that fails is tried again, later each time, and counts its attempts', async () => {
      const attempts: number[] = [];
      const queue = await started(async (task) => {
        attempts.push(task.attempt);
        if (task.attempt < 4) throw new Error('not yet');
        await finish(task);
      });
      await add(queue, 1);
      await look();
      for (const [attempt, backOff] of [[1, 1], [2, 4], [3, 9]] as const) {
        await eventually(`attempt ${attempt}`, () => attempts.length === attempt);
        await untaken(1);
        await world.advance(backOff * 1000 - 900);
        expect(attempts).toHaveLength(attempt);
        await world.advance(1_000);
      }
      await eventually('the last', () => attempts.length === 4);
      expect(attempts).toEqual([1, 2, 3, 4]);
    });

    it('knows its last attempt, so that its handler can give up in a transaction of its own', async () => {
      const attempts: string[] = [];
      const queue = await started(async (task) => {
        attempts.push(`${task.attempt} of ${task.maxAttempts}`);
        if (task.attempt === task.maxAttempts) await finish(task);
        throw new Error('broken by the test');
      });
      await add(queue, 1);
      await look();
      for (let attempt = 1; attempt <= 5; attempt++) {
        await eventually(`attempt ${attempt}`, () => attempts.length >= attempt);
        await untaken(1);
        await world.advance(attempt ** 2 * 1000);
      }
      await world.advance(3_600_000);
      expect(attempts).toEqual(['1 of 5', '2 of 5', '3 of 5', '4 of 5', '5 of 5']);
    });

    it('that fails for want of room or files is tried again for as long as that lasts, and counts nothing', async () => {
      const seen: Task[] = [];
      const queue = await started(async (task) => {
        seen.push(task);
        if (seen.length <= 8) throw Object.assign(new Error('no space left on device'), { code: seen.length % 2 ? 'ENOSPC' : 'EMFILE' });
        await finish(task);
      });
      await add(queue, 1);
      await eventually('it ran to its end', async () => {
        await world.advance(1_000);
        return seen.length === 9;
      });
      expect(seen.at(-1)).toMatchObject({ attempt: 1, failures: 0, deaths: 0 });
    });

    it('whose worker is stopped is given back: its signal aborts, it counts no attempt, and another takes it at once', async () => {
      const first = slow();
      const queue = await started(first.handler);
      await add(queue, 1);
      await look();
      await eventually('it runs', () => first.seen.length === 1);
      await queue.stop();
      const second = slow();
      await started(second.handler);
      await eventually('another runs it', () => second.seen.length === 1);
      expect(second.seen[0]!.attempt).toBe(1);
      second.letGo();
    });

    it('is not taken by a worker that has stopped, and is by one that is started again', async () => {
      const { handler, seen, letGo } = slow();
      const queue = await started(handler);
      await queue.stop();
      await add(queue, 1);
      await world.advance(2_000);
      expect(seen).toEqual([]);
      await queue.start(handlers(handler));
      await eventually('it runs', () => seen.length === 1);
      letGo();
    });

    it('of a dead worker is taken over within 30 s, not before its lease is over', async () => {
      const dead = slow();
      const queue = await started(dead.handler);
      await add(queue, 1);
      await look();
      await eventually('it runs', () => dead.seen.length === 1);
      world.die(queue);
      const heir = slow();
      await started(heir.handler);
      if (sideBySide) {
        await world.advance(2_000);
        expect(heir.seen).toEqual([]);
        await world.advance(30_000);
      }
      await eventually('the heir runs it', () => heir.seen.length === 1);
      expect(heir.seen[0]).toMatchObject({ id: dead.seen[0]!.id, attempt: 2, payload: { jobId: jobId(1) } });
      heir.letGo();
    });

    it('that takes every worker down with it counts each of them, and is still handed out after the last attempt, to be given up', async () => {
      const attempts: string[] = [];
      for (let death = 1; death <= 6; death++) {
        const { handler, seen } = slow();
        const victim = await started(handler);
        if (death === 1) await add(victim, 1);
        await eventually(`worker ${death} runs it`, async () => (seen.length === 1 ? true : world.advance(1_000).then(() => false)));
        attempts.push(`${seen[0]!.attempt}: ${seen[0]!.deaths} deaths, ${seen[0]!.failures} failures`);
        world.die(victim);
      }
      expect(attempts).toEqual([0, 1, 2, 3, 4, 5].map((deaths) => `${deaths + 1}: ${deaths} deaths, 0 failures`));
    });

    it('that was taken from twelve workers waits five seconds each time, so that a minute has passed before it is given up', async () => {
      let passed = 0;
      let last: Task | undefined;
      for (let death = 1; death <= 13; death++) {
        const { handler, seen } = slow();
        const victim = await started(handler);
        if (death === 1) await add(victim, 1);
        await eventually(`worker ${death} runs it`, async () => {
          if (seen.length === 1) return true;
          passed += 1_000;
          await world.advance(1_000);
          return false;
        });
        last = seen[0];
        world.die(victim);
      }
      expect(last!.deaths).toBe(last!.maxDeaths);
      expect(passed).toBeGreaterThanOrEqual(50_000);
    });

    it('that fails after it took workers down is tried again as soon as after any first failure', async () => {
      const until = (wanted: string, done: () => boolean) => eventually(wanted, async () => (done() ? true : world.advance(1_000).then(() => false)));
      for (let death = 1; death <= 3; death++) {
        const { handler, seen } = slow();
        const victim = await started(handler);
        if (death === 1) await add(victim, 1);
        await until(`worker ${death} runs it`, () => seen.length === 1);
        world.die(victim);
      }
      const failures: number[] = [];
      await started(async (task) => {
        failures.push(task.failures);
        if (failures.length === 1) throw new Error('not yet');
        await finish(task);
      });
      await until('it fails', () => failures.length === 1);
      await untaken(1);
      await world.advance(2_000);
      await eventually('it runs again', () => failures.length === 2);
      expect(failures).toEqual([0, 1]);
    });

    it('that was put there by a clock two minutes ahead does not wait for those', async () => {
      const { handler, seen, letGo } = slow();
      const queue = worker();
      await add(queue, 1);
      await world.transaction(async (tx) => {
        const { runAt } = await tx.task.findFirstOrThrow();
        await tx.task.updateMany({ data: { runAt: new Date(runAt.getTime() + 120_000) } });
      });
      await queue.start(handlers(handler));
      await look();
      await eventually('it runs', () => seen.length === 1);
      letGo();
    });

    it('of a zombie has no effect: its finish throws LostLease and the transaction rolls back', async () => {
      const zombie = slow();
      const queue = await started(zombie.handler);
      await add(queue, 1);
      await look();
      await eventually('it runs', () => zombie.seen.length === 1);
      world.die(queue);
      await world.advance(30_000);
      await started((task) =>
        world.transaction(async (tx) => {
          await world.effect(tx, 'of the heir');
          await task.finish(tx);
        }),
      );
      await eventually('the heir has done it', async () => (await world.effects()).length > 0);
      const late = world.transaction(async (tx) => {
        await world.effect(tx, 'of the zombie');
        await zombie.seen[0]!.finish(tx);
      });
      await expect(late).rejects.toThrow(LostLease);
      expect(await world.effects()).toEqual(['of the heir']);
    });

    it('that is taken over while the first worker is still at it can be finished by the second only', async () => {
      const zombie = slow();
      const queue = await started(zombie.handler);
      await add(queue, 1);
      await look();
      await eventually('it runs', () => zombie.seen.length === 1);
      world.die(queue);
      await world.advance(30_000);
      const heir = slow();
      await started(heir.handler);
      await eventually('the heir runs it', () => heir.seen.length === 1);
      await expect(finish(zombie.seen[0]!)).rejects.toThrow(LostLease);
      await finish(heir.seen[0]!);
      await expect(finish(heir.seen[0]!)).rejects.toThrow(LostLease);
      heir.letGo();
    });

    it('of a worker that was paused for longer than its lease is not run by the same worker a second time', async () => {
      const { handler, seen, letGo } = slow();
      const queue = await started(handler, 2);
      await add(queue, 1);
      await look();
      await eventually('it runs', () => seen.length === 1);
      await world.advance(60_000);
      expect(seen).toHaveLength(1);
      letGo();
      await add(queue, 2);
      await look();
      await eventually('the next runs', () => seen.length === 2);
      letGo();
    });

    it.runIf(sideBySide)('is renewed as long as its worker lives: nobody takes it over', async () => {
      const { handler, seen, letGo } = slow();
      const queue = await started(handler);
      await add(queue, 1);
      await look();
      await eventually('it runs', () => seen.length === 1);
      const other = slow();
      await started(other.handler);
      // More than any lease in all, and every time the worker has had its turn to renew.
      for (let round = 0; round < 3; round++) {
        const before = (await world.leaseEnd(jobId(1)))!;
        await world.advance(5_000);
        await eventually('it is renewed', async () => (await world.leaseEnd(jobId(1)))! > before);
      }
      await world.advance(2_000);
      expect(other.seen).toHaveLength(0);
      letGo();
    });

    it.runIf(sideBySide)('is run by one of two workers, never by both', async () => {
      const runs = new Map<string, number>();
      const handler: TaskHandler<'aggregate'> = async (task) => {
        runs.set(task.payload.jobId, (runs.get(task.payload.jobId) ?? 0) + 1);
        await finish(task);
      };
      const [one] = [await started(handler, 4), await started(handler, 4)];
      await Promise.all(Array.from({ length: 60 }, (_, n) => add(one, n)));
      await look();
      await eventually('all have run', () => runs.size === 60, 60_000);
      expect([...runs.values()].every((count) => count === 1)).toBe(true);
    });
  });
}
