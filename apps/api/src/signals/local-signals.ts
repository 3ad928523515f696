import type { Signal, Signals } from './signals.js';

/** Within one process. */
export function createLocalSignals(): Signals {
  const listeners = new Set<(signal: Signal) => void>();
  return {
    publish: (signals) => signals.forEach((signal) => listeners.forEach((listener) => listener(signal))),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => Promise.resolve(),
  };
}
