import type { CodeInput } from '../../../../code/code.js';
import type { Draft } from './draft.js';
import { gridSize, type SearchSpace } from './tried.js';

/** How many forks there will be. */
export const forksOf = ({ method, count }: Draft, space: SearchSpace): number => (method === 'grid' ? gridSize(space) : Number(count));

/** What the sweep is made by: the very input of the request. */
export function sweepInput(project_id: string, draft: Draft, hyperparameters: SearchSpace) {
  const { experiment, name, method, count, seed, metric, mode, jobs, devices, spares, limit, patience } = draft;
  return {
    project_id,
    experiment_id: experiment,
    ...(name !== '' && { sweep_name: name }),
    hyperparameters,
    method,
    ...(method === 'random' && { count: Number(count), ...(seed !== '' && { seed: Number(seed) }) }),
    num_jobs: Number(jobs),
    job: {
      num_devices: Number(devices),
      ...(Number(spares) !== 0 && { num_buffer_devices: Number(spares) }),
      ...(limit !== '' && { termination_criteria: [{ type: 'DurationTerminationCriteria' as const, max_duration_sec: Number(limit) }] }),
      ...(patience !== '' && { stop_when: { metric, mode, patience: Number(patience) } }),
    },
    metric,
    mode,
  } satisfies CodeInput<'sweep.create'>;
}
