import type { EventEntry } from '@vergeai/sdk';
import type { Context } from '../context/context.js';
import type { ExperimentIds } from '../names/names.js';
import type { NumberOf } from './event-words.js';

export interface JobNumbers {
  readonly numberOf: NumberOf;
  /** Takes in what an event tells, and asks once for what was told before it. */
  learn(event: EventEntry): Promise<void>;
}

/** The numbers of the jobs of an experiment by their ids. */
export function jobNumbers(context: Context, ids: ExperimentIds): JobNumbers {
  const numbers = new Map<string, number>();
  return {
    numberOf: (job_id) => numbers.get(job_id),
    async learn({ type, job_id, data }) {
      if (job_id === null || numbers.has(job_id)) return;
      if (type === 'job_initialized') return void numbers.set(job_id, data.sequence);
      const { jobs } = (await context.client.Experiment.get(ids, context.call)).body;
      jobs.forEach((job, index) => numbers.set(job, index + 1));
    },
  };
}
