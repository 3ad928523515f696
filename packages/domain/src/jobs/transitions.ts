import type { JobStatus } from './status.js';

/** One row of the life of a job. `from` is null where the job comes into being. */
export interface Transition {
  readonly from: JobStatus | null;
  readonly to: JobStatus;
  /** A phrase in Markdown. */
  readonly when: string;
}

/** Every way a job's status can change. The server makes no other change; `npm run docs` prints this into ARCHITECTURE.md. */
export const transitions: readonly Transition[] = [
  { from: null, to: 'INITIALIZED', when: 'it is created' },
  { from: 'INITIALIZED', to: 'IN_PROGRESS', when: 'it is the first in line and no job of its experiment is live' },
  { from: 'IN_PROGRESS', to: 'AGGREGATION_IN_PROGRESS', when: 'the `num_devices`-th update arrives, or at least `min_devices` have come and its time is up or no device is left' },
  { from: 'AGGREGATION_IN_PROGRESS', to: 'COMPLETED', when: 'the aggregate is stored, or, of a job that evaluates, the mean of its metrics' },
  { from: 'INITIALIZED', to: 'CANCELLED', when: 'asked for' },
  { from: 'IN_PROGRESS', to: 'CANCELLED', when: 'asked for, or a termination criterion is met' },
  { from: 'AGGREGATION_IN_PROGRESS', to: 'CANCELLED', when: 'asked for, or a termination criterion is met' },
  { from: 'IN_PROGRESS', to: 'FAILED', when: 'too few devices are left' },
  { from: 'AGGREGATION_IN_PROGRESS', to: 'FAILED', when: 'aggregation failed five times, took twelve servers down over time, or made more than the project may keep' },
];

/** The statuses from which a job may go to `to`. */
export function sourcesOf(to: JobStatus): JobStatus[] {
  return transitions.flatMap(({ from, to: target }) => (target === to && from ? [from] : []));
}
