import { useQuery } from '@tanstack/react-query';
import { ask, type AnswerOf } from '../api/ask.js';

export type Description = AnswerOf<'experiment.describe'>;
export type Job = AnswerOf<'job.list'>['data'][number];

export interface Which {
  readonly project_id: string;
  readonly experiment_id: string;
}

/** More would be a page of its own. */
const MOST_JOBS = 100;
const LOOK_AGAIN_MS = 700;

/** An experiment as it is, without its jobs. */
export const describeExperiment = (which: Which) => ask('experiment.describe', { ...which, limit: 1 });

export const jobsOf = (which: Which) => ask('job.list', { ...which, limit: MOST_JOBS });

/** The jobs of an experiment, oldest first; looked at again and again while one of them runs. */
export function useJobs(which: Which): readonly Job[] {
  const { data } = useQuery({
    ...jobsOf(which),
    refetchInterval: ({ state }) => (state.data?.data.some((job) => !isOver(job)) ? LOOK_AGAIN_MS : false),
  });
  return data?.data.toReversed() ?? [];
}

export const isOver = ({ status }: Job): boolean => status === 'COMPLETED' || status === 'FAILED' || status === 'CANCELLED';
