import type { ProjectChange } from '@vergeai/sdk';

type Input = Readonly<Record<string, unknown>>;

/**
 * Whether what was asked (the operation and its input, as `ask` makes a query's key) may be answered otherwise after a change in
 * this project. Rather once too often than not at all.
 */
export function tellsOf([operation, asked]: readonly unknown[], project_id: string, { about, id, experiment_id }: ProjectChange): boolean {
  const resource = String(operation).split('.')[0];
  const input = (asked ?? {}) as Input;
  if (input['project_id'] !== project_id) return operation === 'project.list' && about === 'project';
  switch (about) {
    case 'project':
    case 'member':
      return resource === 'project';
    case 'device':
      return operation === 'project.overview' || operation === 'job.devices' || (resource === 'device' && among(input['device_id'], id));
    case 'experiment':
    case 'job':
      if (resource === 'device') return about === 'job';
      return resource === 'project' ? operation !== 'project.members' : among(input['experiment_id'], experiment_id) && (about === 'experiment' || among(input['job_id'], id));
  }
}

/** What was asked about no one of them was asked about all. */
const among = (asked: unknown, changed: unknown): boolean => asked === undefined || asked === changed;
