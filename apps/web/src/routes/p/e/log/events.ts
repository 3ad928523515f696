import { queryOptions } from '@tanstack/react-query';
import type { EventEntry } from '@vergeai/sdk';
import { ask, read } from '../../../../api/ask.js';
import { queryClient } from '../../../../api/query-client.js';

/** How many events are asked for at once. */
const PAGE = 200;

/** Events count from 1 without gaps, so that any of them can be asked for by its number: here with those around it. */
export const eventNumber = (project_id: string, experiment_id: string, number: number) => {
  const after = Math.floor((number - 1) / PAGE) * PAGE;
  return { ...ask('experiment.events', { project_id, experiment_id, after, limit: PAGE }), select: ({ data }: { data: EventEntry[] }) => data[number - 1 - after] };
};

/** How many events there are: a few looks, each of which halves or doubles what is known. */
export const eventCount = (project_id: string, experiment_id: string) => {
  const queryKey = ['experiment.events', { project_id, experiment_id }, 'count'] as const;
  return queryOptions({
    queryKey,
    async queryFn({ signal }) {
      const isThere = async (number: number) => (await read('experiment.events', { project_id, experiment_id, after: number - 1, limit: 1 }, signal)).data.length > 0;
      // There are never fewer than there were.
      let known = queryClient.getQueryData<number>(queryKey) ?? 0;
      let step = 1;
      while (await isThere(known + step)) {
        known += step;
        step *= 2;
      }
      let missing = known + step;
      while (missing - known > 1) {
        const middle = Math.floor((known + missing) / 2);
        if (await isThere(middle)) known = middle;
        else missing = middle;
      }
      return known;
    },
  });
};
