import { z } from 'zod';
import { hexId } from './ids.js';
import { page, pageQuery } from './page.js';
import { timestamp } from './time.js';

const facts = z.record(z.string(), z.unknown()).nullable();

/** What was done to projects, members, devices, users and keys, and by whom. It outlives what it speaks of. */
export const auditEntry = z.object({
  entry_id: z.number().int().describe('Counts up over the whole server'),
  action: z.string().describe('What was done, such as member_added'),
  project_id: z.string().nullable().describe('In which project; null: in none'),
  subject_id: z.string().nullable().describe('To what: the id of a user, a device, an experiment, a key or a session; null: to the project'),
  actor_id: z.string().nullable(),
  key_id: z.string().nullable().describe('The key they asked with; null for the server itself'),
  before: facts.describe('What was so until then; null where nothing was kept of it'),
  after: facts.describe('What is so since then; null where nothing was kept of it'),
  created_at: timestamp.describe('When it was done'),
});

export const auditAnswer = page(auditEntry);

export const auditQuery = {
  ...pageQuery,
  by: hexId.optional().describe('Only what this user or device did'),
  action: z.string().regex(/^[a-z_]{1,100}$/).optional().describe('Only this, such as member_added'),
};
