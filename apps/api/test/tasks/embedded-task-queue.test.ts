import { startApi, databases } from '../support/api.js';
import { testClock } from '../support/clock.js';
import { EmbeddedTaskQueue } from '../../src/tasks/embedded-task-queue.js';
import { timebase } from '../../src/time/timebase.js';
import type { TaskQueue } from '../../src/tasks/task-queue.js';
import type { Context } from '../../src/context.js';
import { describeTaskQueue } from './task-queue.suite.js';

for (const database of databases) {
  describeTaskQueue(`rows in ${database}`, { sideBySide: database === 'postgresql' }, async () => {
    const api = await startApi(database, { LOG_LEVEL: 'silent' });
    await api.ctx.tasks.stop();
    const clock = testClock();
    const dead = new Set<TaskQueue>();
    const { prisma } = api.ctx.db;

    /** A worker with a database that it loses when it dies: its own reads and writes go nowhere from then on. */
    function newWorker(concurrency = 2): TaskQueue {
      const { db } = api.ctx;
      const isDead = () => dead.has(made);
      const own: Context['db'] = {
        ...db,
        hot: { ...db.hot, all: (query, values) => (isDead() ? [] : db.hot.all(query, values)) },
        write: (statements) => (isDead() ? Promise.resolve() : db.write(statements)),
      };
      const made = new EmbeddedTaskQueue({ ...api.ctx, clock, timebase: timebase(clock, clock.now()), db: own }, concurrency);
      return made;
    }

    return {
      newWorker,
      transaction: (work) => prisma.$transaction(work, { timeout: 10_000 }),
      advance: clock.advance,
      leaseEnd: async (jobId) => (await prisma.task.findFirstOrThrow({ where: { dedupeKey: jobId } })).leaseExpiresAt,
      die: (worker) => void dead.add(worker),
      effect: async (tx, id) => void (await tx.usedTicket.create({ data: { id, expiresAt: clock.now() } })),
      effects: async () => (await prisma.usedTicket.findMany()).map(({ id }) => id),
      close: () => api.close(),
    };
  });
}
