import type { Clock } from '../time/clock.js';
import type { Signals } from './signals.js';

export interface Waiter {
  /** Resolves when there may be a job for the device, after `ms`, or when nobody waits any more. */
  heard(ms: number, gone: AbortSignal): Promise<void>;
  stop(): void;
}

type Listeners = Map<string, Set<() => void>>;

/** One subscription for all waiting devices of a server, so that a signal costs as much with a thousand as with one. */
const listenersOf = new WeakMap<Signals, Listeners>();

/** Begins to listen at once: what is signalled between the look at the database and the wait is not missed. */
export function waitForSignal({ signals, clock }: { signals: Signals; clock: Clock }, deviceId: string): Waiter {
  const listeners = subscribed(signals);
  const waiting = listeners.get(deviceId) ?? new Set();
  listeners.set(deviceId, waiting);
  let ring = () => {};
  let rung = false;
  const onSignal = () => {
    rung = true;
    ring();
  };
  waiting.add(onSignal);
  return {
    heard: (ms, gone) =>
      new Promise((resolve) => {
        if (rung || gone.aborted) return resolve();
        const end = () => {
          callOff();
          gone.removeEventListener('abort', end);
          resolve();
        };
        const callOff = clock.after(ms, end);
        ring = end;
        gone.addEventListener('abort', end);
      }),
    stop() {
      waiting.delete(onSignal);
      if (waiting.size === 0 && listeners.get(deviceId) === waiting) listeners.delete(deviceId);
    },
  };
}

function subscribed(signals: Signals): Listeners {
  const known = listenersOf.get(signals);
  if (known) return known;
  const listeners: Listeners = new Map();
  signals.subscribe((signal) => {
    if (signal.about !== 'devices') return;
    for (const id of signal.ids) for (const ring of listeners.get(id) ?? []) ring();
  });
  listenersOf.set(signals, listeners);
  return listeners;
}
