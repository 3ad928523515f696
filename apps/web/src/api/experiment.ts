import { useQuery } from '@tanstack/react-query';
import { ask, type AnswerOf } from './ask.js';

export type Experiment = AnswerOf<'experiment.describe'>;

/** An experiment with all but its jobs, of which it has the last. */
export const describeExperiment = (project_id: string, experiment_id: string) => ask('experiment.describe', { project_id, experiment_id, limit: 1 });

/** What an experiment is called: its name, or the beginning of its id. */
export function useExperimentName(project_id: string, experiment_id: string): string {
  const { data } = useQuery(describeExperiment(project_id, experiment_id));
  return data?.name ?? experiment_id.slice(0, 8);
}
