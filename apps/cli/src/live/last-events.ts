import type { EventEntry, InputOf } from '@vergeai/sdk';
import type { Context } from '../context/context.js';
import type { ExperimentIds } from '../names/names.js';

/** The most that one answer holds. */
const PAGE = 200;

/** The last `count` events of those that are asked for, oldest first. Reads no others. */
export async function lastEvents(context: Context, asked: InputOf<'experiment.events'>, count: number): Promise<EventEntry[]> {
  const events: EventEntry[] = [];
  for await (const event of context.send('experiment.events', { ...asked, order: 'desc', limit: Math.min(count, PAGE) })) if (events.push(event) >= count) break;
  return events.reverse();
}

/** The number of the newest event; every log begins with one. */
export async function newestEvent(context: Context, ids: ExperimentIds): Promise<number> {
  const { body } = await context.send('experiment.events', { ...ids, order: 'desc', limit: 1 });
  return body.data[0]?.sequence ?? 0;
}
