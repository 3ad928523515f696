import { useQueries, useQuery } from '@tanstack/react-query';
import { api } from '../../api/client.js';
import type { Judgement, OpenRecipe } from '../../recipes/recipe.js';
import { recipeOf } from '../../recipes/settings.js';
import type { Thread } from '../../train-worker/page/start-thread.js';
import type { Description, Job, Which } from '../experiment.js';

/** So many of the last jobs are judged. */
const MOST_JUDGED = 40;

/** How good the model was after a job; of number 0 before all of them. */
export interface Score {
  readonly sequence: number;
  readonly judgement: Judgement | undefined;
  /** The job ended without a model. */
  readonly isGap: boolean;
}

export interface Scores {
  readonly scores: readonly Score[];
  /** Why this tab can't judge. */
  readonly error: unknown;
}

/** Judges the start model and what each job made of it, by examples that no device trains on. `opened`: what `useOpened` says. */
export function useScores(thread: Thread | undefined, { project_id, experiment_id }: Which, jobs: readonly Job[], opened: Opened): Scores {
  const over = jobs.filter(({ status }) => status === 'COMPLETED' || status === 'FAILED' || status === 'CANCELLED').slice(-MOST_JUDGED);
  const judged = [{ sequence: 0, job_id: undefined }, ...over.filter(({ status }) => status === 'COMPLETED')];
  const answers = useQueries({
    queries: judged.map(({ job_id }) => ({
      queryKey: ['judgement', thread?.id, opened.key, job_id ?? 'start'],
      enabled: thread !== undefined && opened.isOpen,
      staleTime: Infinity,
      queryFn: async ({ signal }: { signal: AbortSignal }) => {
        const model = job_id === undefined ? api.Experiment.start_model({ project_id, experiment_id }, { signal }) : api.Job.aggregate_model({ project_id, job_id }, { signal });
        return thread!.roles.judge.judge(job_id ?? 'start', await model.bytes());
      },
    })),
  });
  const of = new Map(judged.map(({ sequence }, at) => [sequence, answers[at]?.data]));
  return {
    scores: [0, ...over.map(({ sequence }) => sequence)].map((sequence) => ({ sequence, judgement: of.get(sequence), isGap: !of.has(sequence) })),
    error: opened.error ?? answers.find(({ error }) => error)?.error,
  };
}

export interface Opened {
  readonly key: string;
  readonly isOpen: boolean;
  readonly leftOut: OpenRecipe['leftOut'];
  readonly error: unknown;
}

/** Tells the thread which experiment it is about, and of which table. */
export function useOpened(thread: Thread | undefined, experiment: Description | undefined, table: File | undefined): Opened {
  const key = `${experiment?.experiment_id} ${table ? `${table.name} ${table.size} ${table.lastModified}` : ''}`;
  // A table is asked for in words of its own.
  const isReady = thread !== undefined && experiment !== undefined && (table !== undefined || recipeOf(experiment.hyperparameters) !== 'csv');
  const { data, error } = useQuery({
    queryKey: ['opened', thread?.id, key],
    enabled: isReady,
    staleTime: Infinity,
    queryFn: async () => {
      if (table) await thread!.roles.judge.takeTable(table);
      return { leftOut: await thread!.roles.judge.open(experiment!.hyperparameters) };
    },
  });
  return { key, isOpen: data !== undefined, leftOut: data?.leftOut, error };
}
