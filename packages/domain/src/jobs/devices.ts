import { JobStatus } from './status.js';

/**
 * Draws `count` of `candidates` without replacement, every choice equally likely (Fisher–Yates, stopped early).
 * `randomBelow(n)` gives a whole number from 0 to n − 1. Gives all of them, shuffled, when there are fewer.
 */
export function drawDevices(candidates: readonly string[], count: number, randomBelow: (n: number) => number): string[] {
  const pool = [...candidates];
  const drawn = Math.min(count, pool.length);
  for (let at = 0; at < drawn; at++) {
    const from = at + randomBelow(pool.length - at);
    [pool[at], pool[from]] = [pool[from]!, pool[at]!];
  }
  return pool.slice(0, drawn);
}

/** The same from groups: from the first as many as it has, and only then from the next. */
export function drawInOrder(groups: readonly (readonly string[])[], count: number, randomBelow: (n: number) => number): string[] {
  const drawn: string[] = [];
  for (const group of groups) drawn.push(...drawDevices(group, count - drawn.length, randomBelow));
  return drawn;
}

/** How a drawn device stands to its job. */
export const DeviceState = { DRAWN: 'DRAWN', LEASED: 'LEASED', SUBMITTED: 'SUBMITTED', REPLACED: 'REPLACED' } as const;
export type DeviceState = (typeof DeviceState)[keyof typeof DeviceState];

/** It was drawn, and its update is still awaited. */
export const awaitedStates = [DeviceState.DRAWN, DeviceState.LEASED] as const satisfies readonly DeviceState[];

export const isAwaited = (state: DeviceState): boolean => (awaitedStates as readonly DeviceState[]).includes(state);

/** How long a device may be silent before another one is drawn in its place, in seconds. */
export const LEASE_SEC = 60;

/** A device is late when it has sent no heartbeat for so long, or has not come for a running job, in seconds. */
export const LATE_SEC = { heartbeat: 30, coming: 60 } as const;

/** How many updates a job needs at least: all that it asks for, or fewer once nothing more is to come. */
export const fewestUpdates = ({ numDevices, minDevices }: { readonly numDevices: number; readonly minDevices: number | null }): number => minDevices ?? numDevices;

/** Whether all devices that a job asks for have answered; null while it has not completed. One that went on with fewer is not complete. */
export const isComplete = ({ status, numDevices, updatesReceived }: { readonly status: JobStatus; readonly numDevices: number; readonly updatesReceived: number }): boolean | null =>
  status === JobStatus.COMPLETED ? updatesReceived === numDevices : null;

/** Whether `needed` updates can still come together. */
export const canReachQuorum = (states: readonly DeviceState[], needed: number): boolean =>
  states.filter((state) => state !== DeviceState.REPLACED).length >= needed;
