import { z } from 'zod';
import { deviceStanding } from './job-facts.js';
import { answeredObject, jsonObject } from './json.js';
import { text } from './text.js';
import { timestamp } from './time.js';

export const deviceName = text(1, 200);
export const deviceLabel = text(1, 50);
export const deviceLabels = z
  .array(deviceLabel)
  .max(16)
  .refine((labels) => new Set(labels).size === labels.length, 'must not have a label twice');

/** What a device's owner tells its training function. */
export const deviceConfig = jsonObject(4 * 1024);

export const presence = z
  .enum(['online', 'late', 'offline', 'never'])
  .describe('online: seen within two and a half minutes; late: seen, too, but a job waits for it in vain; never: not seen yet');

/** A device in a list. */
export const deviceRow = z.object({
  device_id: z.string(),
  name: z.string().nullable(),
  labels: z.array(z.string()).describe('In alphabetical order'),
  config: answeredObject,
  ephemeral: z.boolean().describe('It is deleted when it has not been seen for ten minutes'),
  status: z.enum(['idle', 'busy']),
  presence,
  created_at: timestamp,
  last_seen_at: timestamp.nullable(),
  seen_ago_sec: z.number().nullable().describe('By a clock that nobody sets'),
  agent: z.string().nullable().describe('What it calls itself: its User-Agent'),
  current: z
    .object({ job_id: z.string(), experiment_id: z.string(), sequence: z.number().int(), state: deviceStanding })
    .nullable()
    .describe('The running job that waits for it'),
  last_failure: z.object({ job_id: z.string(), at: timestamp.nullable(), reason: z.string().nullable() }).nullable().describe('When a job gave it up last, and why'),
});
