/** Whether a device is there. What each word means is told in the contract. */
export type PresenceOfDevice = 'online' | 'late' | 'offline' | 'never';

/** For as long at most does a device that asks again and again look as if it had gone: notes and polls are a minute apart each. */
export const LATELY_SEC = 150;

/** Seconds since it was seen, null: it never was; and whether a running job waits for it in vain. */
export function presenceOf(seenAgoSec: number | null, isLate: boolean): PresenceOfDevice {
  if (seenAgoSec === null) return 'never';
  if (seenAgoSec > LATELY_SEC) return 'offline';
  return isLate ? 'late' : 'online';
}
