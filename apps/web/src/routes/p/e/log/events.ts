import { queryOptions } from '@tanstack/react-query';
import type { EventEntry } from '@vergeai/sdk';
import { ask, read } from '../../../../api/ask.js';

/** How many events are asked for at once. */
const PAGE = 200;

/** Events count from 1 without gaps, so that any of them can be asked for by its number: here with those around it. */
export const eventNumber = (project_id: string, experiment_id: string, number: number) => {
  const after = Math.floor((number - 1) / PAGE) * PAGE;
  return { ...ask('experiment.events', { project_id, experiment_id, after, limit: PAGE }), select: ({ data }: { data: EventEntry[] }) => data[number - 1 - after] };
};

/** How many events there are, which is the number of the newest. */
export const eventCount = (project_id: string, experiment_id: string) =>
  queryOptions({
    queryKey: ['experiment.events', { project_id, experiment_id }, 'count'] as const,
    queryFn: async ({ signal }) => (await read('experiment.events', { project_id, experiment_id, order: 'desc', limit: 1 }, signal)).data[0]?.sequence ?? 0,
  });
