import { UsageError } from '../program/usage-error.js';

interface JobOptions {
  readonly devices?: number | undefined;
  readonly minDevices?: number | undefined;
  readonly spares?: number | undefined;
  /** In seconds. */
  readonly maxDuration?: number | undefined;
}

/** How many devices a job takes, and for how long, for a request. @throws UsageError when --min-devices stands beside options with which it says nothing */
export function jobInput({ devices = 1, minDevices, spares, maxDuration }: JobOptions) {
  if (minDevices !== undefined && maxDuration === undefined) throw new UsageError('--min-devices needs a time after which so many are enough.', 'Such as --max-duration 10m');
  if (minDevices !== undefined && minDevices > devices) throw new UsageError('--min-devices asks for more than --devices.');
  return {
    num_devices: devices,
    num_buffer_devices: spares,
    min_devices: minDevices,
    ...(maxDuration !== undefined && { termination_criteria: [{ type: 'DurationTerminationCriteria' as const, max_duration_sec: maxDuration }] }),
  };
}
