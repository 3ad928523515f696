import { infiniteQueryOptions } from '@tanstack/react-query';
import type { EventEntry, InputOf } from '@vergeai/sdk';
import { read } from '../../../../api/ask.js';

/** How many events are asked for at once. */
const PAGE = 200;

/** Events that are asked for: which, and where they begin. */
export type Asked = Omit<InputOf<'experiment.events'>, 'after' | 'before' | 'order' | 'limit'>;
type Place = { readonly after: number } | { readonly before: number };

interface Stretch {
  readonly place: Place;
  /** Oldest first. */
  readonly events: readonly EventEntry[];
  /** Whether there are more where it goes to. */
  readonly hasMore: boolean;
}

/** The part of a filtered log that has been read: it grows at both ends, from a place in the middle. */
export interface LogWindow {
  /** Oldest first. */
  readonly events: readonly EventEntry[];
  readonly hasOlder: boolean;
  readonly hasNewer: boolean;
}

/**
 * For useInfiniteQuery, of a log whose newest event has the number `newest`: the next page is a newer one, the previous an older one.
 * What has been read stays what it is, so that no hint need ask for it again; its key is none that they look for.
 */
export const logWindow = (asked: Asked, start: Place, newest: number) =>
  infiniteQueryOptions({
    queryKey: ['log window', JSON.stringify({ ...asked, ...start })] as const,
    staleTime: Infinity,
    initialPageParam: start,
    async queryFn({ pageParam: place, signal }): Promise<Stretch> {
      const goesBack = 'before' in place;
      const { data, next_after, next_before } = await read('experiment.events', { ...asked, ...place, ...(goesBack && { order: 'desc' }), limit: PAGE }, signal);
      return { place, events: goesBack ? data.toReversed() : data, hasMore: ((goesBack ? next_before : next_after) ?? null) !== null };
    },
    getNextPageParam: (_, stretches): Place => ({ after: lastOf(stretches)?.sequence ?? ('after' in start ? start.after : start.before - 1) }),
    getPreviousPageParam: (_, stretches): Place => ({ before: firstOf(stretches)?.sequence ?? ('before' in start ? start.before : start.after + 1) }),
    select: ({ pages }): LogWindow => {
      const [first, last] = [pages[0]!, pages.at(-1)!];
      return {
        events: pages.flatMap(({ events }) => events),
        hasOlder: 'before' in first.place ? first.hasMore : first.place.after > 0,
        hasNewer: 'after' in last.place ? last.hasMore : last.place.before <= newest,
      };
    },
  });

const firstOf = (stretches: readonly Stretch[]) => stretches.find(({ events }) => events.length > 0)?.events[0];
const lastOf = (stretches: readonly Stretch[]) => stretches.findLast(({ events }) => events.length > 0)?.events.at(-1);
