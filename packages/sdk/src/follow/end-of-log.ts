import type { CallOptions } from '../call-options.js';
import type { EventEntry } from '../events.js';
import type { Experiments } from '../generated/resources.js';
import type { FollowInput } from './follow.js';

/** The most that one answer holds. */
const PAGE = 200;

/**
 * The last events of a log, up to a page of them. They are numbered without gaps, so that a long log need not be read: its
 * end is looked for in steps that grow and then halve.
 */
export async function endOfLog(experiments: Experiments, ids: Omit<FollowInput, 'after'>, options: CallOptions): Promise<EventEntry[]> {
  const read = async (after: number, limit: number) => (await experiments.events({ ...ids, after, limit }, options)).body;
  let page = await read(0, PAGE);
  if (!page.next_after) return page.data;
  let there = page.next_after;
  let beyond = there * 2;
  for (; (await read(beyond, 1)).data.length > 0; beyond *= 2) there = beyond;
  while (beyond - there > PAGE) {
    const middle = Math.floor((there + beyond) / 2);
    if ((await read(middle, 1)).data.length > 0) there = middle;
    else beyond = middle;
  }
  // More may have come meanwhile.
  do page = await read(there, PAGE);
  while (page.next_after && (there = page.next_after));
  return page.data;
}
