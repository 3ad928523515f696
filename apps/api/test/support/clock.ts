import type { Context } from '../../src/context.js';
import { EmbeddedTaskQueue } from '../../src/tasks/embedded-task-queue.js';
import type { Clock } from '../../src/time/clock.js';
import { systemClock } from '../../src/time/system-clock.js';

export interface TestClock extends Clock {
  /** Time passes, at once. */
  advance(seconds: number): void;
}

/** A time of day that passes when a test says so and not otherwise: a slow machine lets nothing lapse. */
export function testClock(): TestClock {
  let nowMs = Date.now();
  return {
    ...systemClock,
    now: () => new Date(nowMs),
    advance: (seconds) => {
      nowMs += seconds * 1000;
    },
  };
}

/** For startApi: every part that looks at a clock looks at this one, the task queue too. */
export const withClock = (clock: Clock) => (ctx: Context): Context => {
  const changed = { ...ctx, clock };
  return { ...changed, tasks: new EmbeddedTaskQueue(changed, ctx.config.modelWorkers) };
};
