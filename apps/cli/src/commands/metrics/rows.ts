import type { ExperimentMetricsEntry, JobStatus } from '@vergeai/sdk';
import { count, id, measured } from '../../output/cells.js';
import type { Column } from '../../output/result.js';

/** What a job, or a device in it, reported. */
export interface Row {
  readonly job_id: string;
  readonly sequence: number;
  readonly status: JobStatus;
  readonly num_devices: number;
  readonly device_id: string | null;
  readonly num_examples: number | null;
  readonly values: Readonly<Record<string, number>>;
}

export const rowsByJob = (entries: readonly ExperimentMetricsEntry[]): Row[] =>
  entries.map(({ job_id, sequence, status, devices, mean }) => ({ job_id, sequence, status, num_devices: devices.length, device_id: null, num_examples: null, values: mean }));

export const rowsByDevice = (entries: readonly ExperimentMetricsEntry[]): Row[] =>
  entries.flatMap(({ job_id, sequence, status, devices }) =>
    devices.map(({ device_id, num_examples, metrics }) => ({ job_id, sequence, status, num_devices: devices.length, device_id, num_examples, values: metrics })),
  );

/** What the lines are about, and a column for each metric. */
export const valueColumns = (names: readonly string[], by: 'job' | 'device'): Column<Row>[] => [
  { title: 'JOB', cell: ({ sequence }) => sequence },
  ...(by === 'job'
    ? ([
        { title: 'STATUS', cell: ({ status }) => status },
        { title: 'DEVICES', cell: ({ num_devices }) => num_devices },
      ] satisfies Column<Row>[])
    : ([
        { title: 'DEVICE', cell: ({ device_id }) => id(device_id) },
        { title: 'EXAMPLES', cell: ({ num_examples }) => count(num_examples) },
      ] satisfies Column<Row>[])),
  ...names.map((name): Column<Row> => ({ title: name, cell: ({ values }) => measured(values[name]) })),
];
