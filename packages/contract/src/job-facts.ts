import { z } from 'zod';
import { jobKind } from './job-kind.js';
import { jobStatus, waitingFor } from './job-status.js';
import { timestamp } from './time.js';

/** How a device that was drawn for a job stands to it, as tables show it. */
export const deviceStanding = z.enum(['drawn', 'training', 'uploading', 'submitted', 'late', 'failed', 'replaced', 'unused']);

const count = z.number().int();

export const deviceCounts = z
  .object({
    drawn: count.describe('It was drawn, and has not come yet'),
    training: count,
    uploading: count.describe('It has asked where to put its update'),
    submitted: count,
    late: count.describe('The job waits for it, and nothing was heard of it for 30 seconds, or it has not come for 60'),
    failed: count.describe('The job no longer waits for it, and nobody came in its place'),
    replaced: count.describe('Another one came in its place'),
    unused: count.describe('The job ended without it'),
  })
  .describe('How many of its devices stand how');

/** A job in a list. */
export const jobRow = z.object({
  job_id: z.string(),
  sequence: z.number().int(),
  kind: jobKind,
  status: jobStatus,
  reason: z.string().nullable(),
  num_devices: z.number().int(),
  num_buffer_devices: z.number().int(),
  num_updates: z.number().int(),
  device_counts: deviceCounts,
  device_timeout_sec: z.number(),
  waiting_for: waitingFor,
  retry_of: z.string().nullable().describe('The job that it repeats'),
  created_at: timestamp,
  started_at: timestamp.nullable(),
  deadline_at: timestamp.nullable().describe('When a termination criterion ends it'),
  aggregation_started_at: timestamp.nullable(),
  ended_at: timestamp.nullable(),
});

/** How far a device is, by its own account. */
export const deviceProgress = z.object({
  fraction: z.number().nullable().describe('From 0 to 1'),
  step: z.number().int().nullable(),
  metrics: z.record(z.string(), z.number()),
});

/** A device of a job in a list. */
export const jobDeviceRow = z.object({
  device_id: z.string(),
  device_name: z.string().nullable(),
  position: z.number().int().describe('In which order devices were drawn, from 0'),
  state: deviceStanding,
  drawn_at: timestamp.nullable(),
  leased_at: timestamp.nullable().describe('When it took the job'),
  lease_expires_at: timestamp.nullable(),
  heartbeat_at: timestamp.nullable(),
  late_since: timestamp.nullable(),
  progress: deviceProgress.nullable().describe('What it said last'),
  submitted_at: timestamp.nullable(),
  num_examples: z.number().nullable(),
  metrics: z.record(z.string(), z.number()),
  update: z.object({ size: z.number().int(), sha256: z.string() }).nullable(),
  ended_at: timestamp.nullable().describe('When the job gave it up'),
  reason: z.string().nullable().describe('Why it did'),
  reason_code: z.enum(['reported', 'lease_expired', 'device_deleted', 'never_came']).nullable(),
  replaced_by: z.string().nullable(),
  replaces: z.string().nullable(),
});
