import type { EventEntry } from '@vergeai/sdk';
import type { Context } from '../context/context.js';
import type { ExperimentIds } from '../names/names.js';
import { time } from '../output/cells.js';
import { list, type ListResult } from '../output/result.js';
import { eventWords } from './event-words.js';
import { jobNumbers } from './job-numbers.js';

interface Events {
  readonly events: AsyncIterable<EventEntry>;
  readonly wanted?: (event: EventEntry) => boolean;
  /** They come as they happen. */
  readonly live: boolean;
}

/** Events as a list: their numbers, times, types, and what they say in words. */
export function eventList(context: Context, ids: ExperimentIds, { events, wanted = () => true, live }: Events): ListResult {
  const numbers = jobNumbers(context, ids);
  const inWords = !context.globals.json && !context.globals.jsonl;
  async function* entries(): AsyncGenerator<EventEntry, void> {
    for await (const event of events) {
      if (!wanted(event)) continue;
      // A program reads ids.
      if (inWords) await numbers.learn(event);
      yield event;
    }
  }
  return list<EventEntry>({
    entries: entries(),
    id: ({ sequence }) => String(sequence),
    columns: [
      { title: 'NR', cell: ({ sequence }) => sequence },
      { title: 'WHEN', cell: ({ created_at }) => (live ? { short: new Date(created_at).toLocaleTimeString(), exact: created_at } : time(created_at)) },
      { title: 'TYPE', cell: ({ type }) => type },
      { title: 'WHAT', cell: (event) => eventWords(event, numbers.numberOf) },
    ],
    empty: 'Nothing of the kind has happened.',
    live,
  });
}
