import type { Clock } from '../../src/time/clock.js';
import { systemClock } from '../../src/time/system-clock.js';

export interface TestClock extends Clock {
  /**
   * Time passes, at once, and the process runs all the while: what becomes due is done in its order, and what the server does now and then has been done when this resolves.
   */
  advance(ms: number): Promise<void>;
  /** The process sleeps for so long, as under SIGSTOP, and then does all at once what has become due. */
  suspend(ms: number): Promise<void>;
  /** The time of day is set, forwards or back; no time passes. */
  set(byMs: number): void;
  /** In how many milliseconds that which waits is due, the earliest first. */
  waits(): number[];
}

/** A wait that is shorter only makes room for others, as before a retry. It takes as long as it takes, by the machine's clock. */
const MAKES_ROOM_MS = 250;

/** Shorter than what the server takes for its own absence. */
const STEP_MS = 4_000;

/** Time that passes when a test says so and not otherwise: a slow machine lets nothing lapse, and nothing has to be waited for. */
export function testClock(): TestClock {
  const beginning = Date.now();
  let passed = 0;
  let setBy = 0;
  const timers = new Set<{ readonly dueAt: number; readonly run: () => void | Promise<void> }>();
  const inOrder = () => [...timers].toSorted((one, other) => one.dueAt - other.dueAt);
  const pass = async (ms: number) => {
    passed += ms;
    for (;;) {
      const [first] = inOrder();
      if (!first || first.dueAt > passed) return;
      timers.delete(first);
      await first.run();
    }
  };
  return {
    now: () => new Date(beginning + setBy + passed),
    monotonic: () => passed,
    after(ms, run) {
      if (ms < MAKES_ROOM_MS) return systemClock.after(ms, run);
      const timer = { dueAt: passed + ms, run };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    async advance(ms) {
      for (let left = ms; left > 0; left -= STEP_MS) await pass(Math.min(STEP_MS, left));
    },
    suspend: pass,
    set(byMs) {
      setBy += byMs;
    },
    waits: () => inOrder().map(({ dueAt }) => dueAt - passed),
  };
}

/** A clock whose time of day is what a test says, forwards or back; all else is the machine's. */
export const timeOfDay = (now: () => number): Clock => ({ ...systemClock, now: () => new Date(now()) });
