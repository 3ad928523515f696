import { z } from 'zod';
import { timestamp } from './time.js';

/** One entry of an experiment's log. `sequence` counts from 1 without gaps. */
export const eventEntry = z.object({
  sequence: z.number().int(),
  type: z.string(),
  job_id: z.string().nullable(),
  device_id: z.string().nullable(),
  actor_id: z.string().nullable().describe('The user or device that asked for it; null for the server itself'),
  key_id: z.string().nullable(),
  data: z.record(z.string(), z.unknown()),
  created_at: timestamp,
});
export type EventEntry = z.infer<typeof eventEntry>;
