import type { Recorded } from '../journal.js';
import type { ReadDatabase } from './read-database.js';
import type { EventRow, JobRow, ModelRow, Tables, UpdateRow } from './tables.js';

/** All that a check may look at. */
export interface Evidence {
  readonly tables: Tables;
  readonly contents: ReadDatabase['contents'];
  readonly databaseFaults: readonly string[];
  readonly journal: readonly Recorded[];
  readonly blobs: string;
  readonly logs: readonly string[];
  /** A running server on this data, if there is one. */
  readonly wire: { readonly url: string; readonly key: string } | undefined;
  /** How long an experiment with jobs to do may stand still. */
  readonly patienceMs: number;
  readonly modelById: ReadonlyMap<string, ModelRow>;
  readonly jobById: ReadonlyMap<string, JobRow>;
  /** In the order of the log. */
  readonly eventsOf: ReadonlyMap<string, readonly EventRow[]>;
  /** When an event was heard of, by the load's clock; where nobody heard of it, when it was written by the server's, which may be wrong. */
  readonly whenOf: (event: EventRow) => number;
  /** In device-id order. */
  readonly updatesOf: ReadonlyMap<string, readonly UpdateRow[]>;
}

/** A promise of docs/reliability.md, and how to find out whether it was kept. Every violation is a sentence. */
export interface Check {
  readonly promise: string;
  readonly run: (evidence: Evidence) => AsyncIterable<string> | Iterable<string>;
}

export function toEvidence(read: ReadDatabase, rest: Pick<Evidence, 'journal' | 'blobs' | 'logs' | 'wire' | 'patienceMs'>): Evidence {
  const { tables } = read;
  const heard = new Map(rest.journal.flatMap((entry) => (entry.what === 'event' ? [[`${entry.experiment} ${entry.sequence}`, entry.at]] : [])));
  const byCode = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  return {
    tables,
    contents: read.contents,
    databaseFaults: read.faults,
    ...rest,
    modelById: new Map(tables.StoredModel.map((model) => [model.id, model])),
    jobById: new Map(tables.Job.map((job) => [job.id, job])),
    eventsOf: grouped(tables.Event, ({ experimentId }) => experimentId, (a, b) => a.sequence - b.sequence),
    whenOf: ({ experimentId, sequence, createdAt }) => heard.get(`${experimentId} ${sequence}`) ?? createdAt,
    updatesOf: grouped(tables.JobUpdate, ({ jobId }) => jobId, (a, b) => byCode(a.deviceId, b.deviceId)),
  };
}

function grouped<T>(rows: readonly T[], keyOf: (row: T) => string, order: (a: T, b: T) => number): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group) group.push(row);
    else groups.set(keyOf(row), [row]);
  }
  for (const group of groups.values()) group.sort(order);
  return groups;
}
