import type { Clock, Context } from '../../dist/context.js';
import { EmbeddedTaskQueue } from '../../dist/tasks/embedded-task-queue.js';

export interface TestClock extends Clock {
  /** Time passes at once. */
  advance(seconds: number): void;
}

/** The time of day, which a test can put forward. */
export function testClock(): TestClock {
  let aheadMs = 0;
  return {
    now: () => new Date(Date.now() + aheadMs),
    advance: (seconds) => {
      aheadMs += seconds * 1000;
    },
  };
}

/** For startApi: every part that looks at a clock looks at this one, the task queue too. */
export const withClock = (clock: Clock) => (ctx: Context): Context => {
  const changed = { ...ctx, clock };
  return { ...changed, tasks: new EmbeddedTaskQueue(changed, ctx.config.modelWorkers) };
};
