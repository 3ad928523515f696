import type { Clock } from './clock.js';

const SECOND_MS = 1_000;

export interface OnceASecond<T> {
  take(news: T): void;
  stop(): void;
}

/**
 * Passes news on, at most once a second of each kind: the first at once, and of what comes within the second the last, at its
 * end. So nobody is told late, and nothing that happened last goes untold.
 */
export function onceASecond<T>(clock: Clock, kindOf: (news: T) => string, pass: (news: T) => void): OnceASecond<T> {
  const seconds = new Map<string, { last: T | undefined; readonly callOff: () => void }>();
  const take = (news: T) => {
    const kind = kindOf(news);
    const second = seconds.get(kind);
    if (second) {
      second.last = news;
      return;
    }
    const end = () => {
      const { last } = seconds.get(kind)!;
      seconds.delete(kind);
      if (last !== undefined) take(last);
    };
    seconds.set(kind, { last: undefined, callOff: clock.after(SECOND_MS, end) });
    pass(news);
  };
  return {
    take,
    stop() {
      for (const { callOff } of seconds.values()) callOff();
      seconds.clear();
    },
  };
}
