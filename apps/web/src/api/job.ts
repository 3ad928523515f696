import { queryOptions } from '@tanstack/react-query';
import { read, type AnswerOf } from './ask.js';
import type { EntryOf } from './pages.js';

export type Job = EntryOf<'job.list'>;
export type JobInFull = AnswerOf<'job.describe'>;
export type JobDevice = EntryOf<'job.devices'>;

/** Which statuses are the last ones of a job. */
export const isOver = (status: string): boolean => status === 'COMPLETED' || status === 'CANCELLED' || status === 'FAILED';

/** The id of a job by its number in the series, counted from 1; null where there is none. */
export const jobByNumber = (project_id: string, experiment_id: string, number: number) =>
  queryOptions({
    // As all keys: the operation, what it was asked, and what is made of it.
    queryKey: ['experiment.get', { project_id, experiment_id }, 'job', number] as const,
    queryFn: async ({ signal }) => (await read('experiment.get', { project_id, experiment_id }, signal)).jobs[number - 1] ?? null,
  });
