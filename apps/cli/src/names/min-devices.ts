import { UsageError } from '../program/usage-error.js';

interface Enough {
  readonly devices: number;
  readonly minDevices: number | undefined;
  readonly maxDuration: number | undefined;
}

/** Throws a UsageError when --min-devices stands beside options with which it says nothing, before anything is created. */
export function requireEnough({ devices, minDevices, maxDuration }: Enough): void {
  if (minDevices === undefined) return;
  if (maxDuration === undefined) throw new UsageError('--min-devices needs a time after which so many are enough.', 'Such as --max-duration 10m');
  if (minDevices > devices) throw new UsageError('--min-devices asks for more than --devices.');
}
