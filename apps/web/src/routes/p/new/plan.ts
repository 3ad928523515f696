import type { CodeInput } from '../../../code/code.js';
import { ModelFile } from '../../../code/model-file.js';
import { shownRequest, type ShownRequest } from '../../../code/shown-request.js';
import type { Draft } from './draft.js';
import type { Values } from './hyperparameters.js';
import { strategyOf } from './strategies.js';

/** How far a creation has come. */
export interface Made {
  readonly experiment_id: string;
  readonly hasModel: boolean;
}

type Fields<Name extends Parameters<typeof shownRequest>[1]> = Extract<CodeInput<Name>, object>;

/** What the experiment is made by: the very input of the request. */
export function createInput(project_id: string, draft: Draft, values: Values) {
  const aggregation_strategy = strategyOf(draft.strategy);
  return {
    project_id,
    ...(draft.name !== '' && { experiment_name: draft.name }),
    ...(Object.keys(values).length > 0 && { hyperparameters: values }),
    ...(aggregation_strategy !== undefined && { aggregation_strategy }),
  } as Fields<'experiment.create'>;
}

export const forkInput = (project_id: string, draft: Draft, values: Values) =>
  ({ ...createInput(project_id, draft, values), experiment_id: draft.parent, from: draft.from }) as Fields<'experiment.fork'>;

/** The series of jobs; undefined when there is to be none. */
export function jobsInput(project_id: string, experiment_id: string, { start, count, devices, spares, limit }: Draft): Fields<'job.create_series'> | undefined {
  if (start === 'later' || count === '' || Number(count) === 0) return undefined;
  return {
    project_id,
    experiment_id,
    count: Number(count),
    num_devices: Number(devices),
    ...(Number(spares) !== 0 && { num_buffer_devices: Number(spares) }),
    ...(limit !== '' && { termination_criteria: [{ type: 'DurationTerminationCriteria', max_duration_sec: Number(limit) }] }),
  };
}

/** Stands in code where the id goes that the first request answers. */
export const NEW_ID = 'EXPERIMENT_ID';

/** What is still to be done, request by request. */
export function shownRequests(project_id: string, draft: Draft, values: Values, made: Made | undefined): readonly ShownRequest[] {
  const experiment_id = made?.experiment_id ?? NEW_ID;
  const note = made ? undefined : `${NEW_ID} is the ID that the first request answers.`;
  const requests: ShownRequest[] = [];
  if (!made && draft.start === 'fork') {
    if (draft.parent !== '') requests.push(shownRequest('Fork the experiment', 'experiment.fork', forkInput(project_id, draft, values)));
  } else if (!made) requests.push(shownRequest('Create the experiment', 'experiment.create', createInput(project_id, draft, values)));
  if (!made?.hasModel && (draft.start === 'file' || draft.start === 'recipe')) {
    const name = draft.start === 'recipe' ? 'digits.safetensors' : (draft.file?.name ?? 'model.safetensors');
    requests.push(shownRequest('Submit its start model', 'experiment.submit_start_model', { project_id, experiment_id, model: new ModelFile(name) }, note));
  }
  const jobs = jobsInput(project_id, experiment_id, draft);
  if (jobs) requests.push(shownRequest('Add the jobs', 'job.create_series', jobs, note));
  return requests;
}
