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

/** An experiment as it is, without its jobs. */
export const describeExperiment = (which: Which) => ask('experiment.describe', { ...which, limit: 1 });

export const jobsOf = (which: Which) => ask('job.list', { ...which, limit: MOST_JOBS });

/** The jobs of an experiment, oldest first. */
export function useJobs(which: Which): readonly Job[] {
  const { data } = useQuery(jobsOf(which));
  return data?.data.toReversed() ?? [];
}

export const isOver = ({ status }: Job): boolean => status === 'COMPLETED' || status === 'FAILED' || status === 'CANCELLED';
