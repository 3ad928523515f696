import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Clock } from '../time/clock.js';

/** What this process counts, and what it reads when it is asked: every metric of `/metrics` by its one name. docs/metrics.md has the same as a table. */
export type Meters = ReturnType<typeof createMeters>;

/**
 * Labels are operations, codes and states that the code knows, never paths, ids or names: nobody can make new series from outside.
 */
export function createMeters(clock: Clock) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const started = new Gauge({ name: 'vergeai_start_time_seconds', help: 'When this process started, in epoch seconds', registers });
  started.set(clock.now().getTime() / 1000);
  const meters = {
    registry,

    // Counted as it happens, by this process.
    requestDuration: new Histogram({
      name: 'vergeai_http_request_duration_seconds',
      help: 'Time from the request to the end of its answer',
      labelNames: ['operation', 'status'],
      buckets: [0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10, 60, 600],
      registers,
    }),
    refusals: new Counter({ name: 'vergeai_refusals_total', help: 'Requests that were not answered with a success, by the code of the problem', labelNames: ['operation', 'code'], registers }),
    updates: new Counter({ name: 'vergeai_updates_total', help: 'Updates of devices whose bytes have come: accepted, or the code they were refused with', labelNames: ['outcome'], registers }),
    jobsEnded: new Counter({ name: 'vergeai_jobs_ended_total', help: 'Jobs that have ended, and how: completed, failed or cancelled', labelNames: ['how'], registers }),
    aggregationDuration: new Histogram({
      name: 'vergeai_aggregation_duration_seconds',
      help: 'Time to make one model of the updates of a job: made, not_finite or failed, which includes those that were interrupted',
      labelNames: ['outcome'],
      buckets: [0.01, 0.05, 0.25, 1, 5, 30, 120, 600, 3600],
      registers,
    }),
    aggregationBytes: new Counter({ name: 'vergeai_aggregation_bytes_total', help: 'Bytes of updates that aggregations have read', registers }),
    commitTransactions: new Histogram({
      name: 'vergeai_commit_transactions',
      help: 'SQLite: how many transactions have shared one COMMIT',
      buckets: [1, 2, 4, 8, 16, 32, 64],
      registers,
    }),
    commitDuration: new Histogram({
      name: 'vergeai_commit_duration_seconds',
      help: 'SQLite: how long a COMMIT took, most of which is the disk',
      buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5],
      registers,
    }),
    waitingDevices: new Gauge({ name: 'vergeai_waiting_devices', help: 'Requests of devices that wait here for a job', registers }),

    // Set when somebody asks.
    streams: new Gauge({ name: 'vergeai_event_streams', help: 'Event streams that are open', registers }),
    databaseWaiting: new Gauge({ name: 'vergeai_database_waiting', help: 'Who waits for a connection of the pool (PostgreSQL), or for their turn to write (SQLite)', registers }),
    databaseUp: new Gauge({ name: 'vergeai_database_up', help: '1: the database has answered what is asked for these metrics within two seconds; 0: it has not, and what it tells is missing', registers }),
    tasks: new Gauge({ name: 'vergeai_tasks', help: 'Unfinished background tasks: due, running, or later, which wait after a failure', labelNames: ['kind', 'state'], registers }),
    oldestDueTask: new Gauge({ name: 'vergeai_oldest_due_task_age_seconds', help: 'For how long the task that is due for the longest has been so; 0 when none is due', registers }),
    jobs: new Gauge({ name: 'vergeai_jobs', help: 'Jobs that have not ended, by their status', labelNames: ['status'], registers }),
    jobDevices: new Gauge({ name: 'vergeai_job_devices', help: 'Devices that running jobs wait for: DRAWN, which have not come yet, or LEASED, which are at work', labelNames: ['state'], registers }),
    blobBytes: new Gauge({ name: 'vergeai_blob_bytes', help: 'Bytes of models that all projects keep', registers }),
    diskFree: new Gauge({ name: 'vergeai_disk_free_bytes', help: 'Free bytes of the disk: data has DATA_DIR, models the folder that models come into', labelNames: ['folder'], registers }),
    diskFloor: new Gauge({ name: 'vergeai_disk_floor_bytes', help: 'With less free disk than this uploads are refused: MIN_FREE_BYTES', registers }),
  };
  // What has not happened yet is 0 and not missing, or else nobody would see it happen for the first time.
  for (const how of ['completed', 'failed', 'cancelled']) meters.jobsEnded.inc({ how }, 0);
  for (const outcome of ['made', 'not_finite', 'failed']) meters.aggregationDuration.zero({ outcome });
  meters.updates.inc({ outcome: 'accepted' }, 0);
  return meters;
}
