import { z } from 'zod';
import { permissionLevel } from './permission-level.js';
import { timestamp } from './time.js';

const count = z.number().int();

/** A project in numbers. Each is as many as the list has that it leads to. */
export const projectOverview = z.object({
  project_id: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  permission_level: permissionLevel,
  created_at: timestamp,
  devices: z
    .object({
      total: count.describe('All of them: those that are online, late or offline, and those that were never seen'),
      online: count.describe('Seen within two and a half minutes'),
      busy: count.describe('A running job waits for it, whether it is there or not'),
      late: count.describe('Seen, too, but a job waits for it in vain'),
      offline: count.describe('Not seen for two and a half minutes'),
      never_seen: count.describe('Registered, and not seen yet'),
    })
    .describe('How many of its devices are there, as `device.list` tells it'),
  experiments: z
    .object({ total: count.describe('All that are not archived'), active: count.describe('Those of them in which a job runs or waits') })
    .describe('How many experiments it has, without archived ones'),
  jobs: z
    .object({
      live: count.describe('They run, or are aggregated'),
      queued: count.describe('They wait for a job before them'),
      failed_24h: count.describe('They failed within the last 24 hours'),
    })
    .describe('How many jobs do what, in all experiments'),
  stored_bytes: count.describe('Bytes of all models that the project keeps. A model that forks share counts once'),
  members: count.describe('How many people may see it'),
});
