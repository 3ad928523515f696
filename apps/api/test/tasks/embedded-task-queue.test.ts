import { startApi, databases } from '../support/api.js';
import { testClock } from '../support/clock.js';
import { EmbeddedTaskQueue } from '../../src/tasks/embedded-task-queue.js';
import type { TaskQueue } from '../../src/tasks/task-queue.js';
import type { Context } from '../../src/context.js';
import { describeTaskQueue } from './task-queue.suite.js';

for (const database of databases) {
  describeTaskQueue(`rows in ${database}`, { sideBySide: database === 'postgresql' }, async () => {
    const api = await startApi(database, { LOG_LEVEL: 'silent' });
    await api.ctx.tasks.stop();
    const clock = testClock();
    const dead = new Set<TaskQueue>();
    const { prisma, hot } = api.ctx.db;

    /** A database that a worker loses when it dies: its own reads and writes go nowhere from then on. */
    function newWorker(concurrency = 2): TaskQueue {
      let made: TaskQueue | undefined = undefined;
      const isDead = () => made !== undefined && dead.has(made);
      const own = prisma.$extends({
        query: {
          task: {
            $allOperations: ({ args, query }) => {
              return isDead() ? Promise.resolve({ count: 0 }) : query(args);
            },
          },
        },
      }) as unknown as Context['db']['prisma'];
      const ownHot: Context['db']['hot'] = { ...hot, all: (sql, params) => (isDead() ? [] : hot.all(sql, params)) };
      made = new EmbeddedTaskQueue({ ...api.ctx, clock, db: { ...api.ctx.db, prisma: own, hot: ownHot } }, concurrency);
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
