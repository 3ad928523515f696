import { z } from 'zod';
import { hexId } from '../ids.js';
import { nameList } from '../name-list.js';
import { next, pageQuery } from '../page.js';
import { eventTypes } from './catalogue.js';
import { eventEntry } from './entry.js';

/** Entries are counted by a column that holds no more. */
const number = z.coerce.number<number>().int().min(0).max(2_147_483_647);

/** Which events of a log to tell, and from which end. */
export const eventLogQuery = z.object({
  after: number.default(0),
  before: number.optional().describe('Only those with a lower number; not with an event stream'),
  order: z.enum(['asc', 'desc']).default('asc').describe('`desc`: the newest first; not with an event stream'),
  types: nameList(z.enum(eventTypes), eventTypes.length).optional().describe('Only events of these types, separated by commas'),
  job_id: hexId.optional().describe('Only events about this job'),
  device_id: hexId.optional().describe('Only events about this device'),
  limit: pageQuery.limit,
});

/** A page of the log. It goes on by `after` or by `before`, as its order is. */
export const eventLogAnswer = z.object({
  data: z.array(eventEntry),
  next_after: next('after', z.number().int()),
  next_before: next('before', z.number().int()).optional(),
});
