import type { Context } from '../context/context.js';
import { Failure } from '../program/failures.js';
import { UsageError } from '../program/usage-error.js';
import { isId, theOne, type Named } from './matches.js';

export interface ExperimentIds {
  readonly project_id: string;
  readonly experiment_id: string;
}

/** The id of a project: of what is named, or else of what is set. */
export async function projectId(context: Context, named?: string): Promise<string> {
  const text = named ?? context.setting('project')?.value;
  if (text === undefined) throw new UsageError('Which project?', 'Name it with --project, or choose one for this folder: verge init');
  if (isId(text)) return text;
  return theOne('project', text, await found(context.client.Project.list({ limit: 200 }, context.call), ({ project_id, name }) => ({ id: project_id, name })), 'verge project list');
}

/** The ids of an experiment: of what is named, or else of what is set. */
export async function experimentIds(context: Context, named?: string): Promise<ExperimentIds> {
  const project_id = await projectId(context);
  const text = named === undefined || named === '@current' ? context.setting('experiment')?.value : named;
  if (text === undefined) throw new UsageError('Which experiment?', 'Name it with --experiment (@last is the newest), or choose one: verge experiment use <experiment>');
  return { project_id, experiment_id: await experimentId(context, project_id, text) };
}

async function experimentId(context: Context, project_id: string, text: string): Promise<string> {
  if (isId(text)) return text;
  const { Experiment } = context.client;
  if (text === '@last') {
    const [last] = (await Experiment.list({ project_id, limit: 1 }, context.call)).body.data;
    if (!last) throw new Failure(3, 'experiment_not_found', 'The project has no experiments yet.', 'verge experiment create');
    return last.experiment_id;
  }
  const list = Experiment.list({ project_id, q: text, archived: 'include', limit: 200 }, context.call);
  return theOne('experiment', text, await found(list, ({ experiment_id, name }) => ({ id: experiment_id, name })), 'verge experiment list');
}

/** The id of a job: by its number in the experiment that is set, `@last`, or an id. */
export async function jobIds(context: Context, text: string): Promise<{ readonly project_id: string; readonly job_id: string }> {
  if (isId(text)) return { project_id: await projectId(context), job_id: text };
  if (!/^(@last|@current|[1-9]\d*)$/.test(text)) throw new UsageError(`"${text}" is no job.`, 'Give its number in the experiment, @last, or its id.');
  const ids = await experimentIds(context);
  const { jobs, current_job } = (await context.client.Experiment.get(ids, context.call)).body;
  const job_id = text === '@last' ? jobs.at(-1) : text === '@current' ? jobs.find((job) => job === current_job) : jobs[Number(text) - 1];
  if (!job_id) throw new Failure(3, 'job_not_found', jobs.length === 0 ? 'The experiment has no jobs yet.' : `The experiment has ${jobs.length} job${jobs.length === 1 ? '' : 's'}, and no job ${text}.`, 'verge job list');
  return { project_id: ids.project_id, job_id };
}

/** The id of a device. */
export async function deviceId(context: Context, project_id: string, text: string): Promise<string> {
  if (isId(text)) return text;
  const list = context.client.Device.list({ project_id, q: text, limit: 200 }, context.call);
  return theOne('device', text, await found(list, ({ device_id, name }) => ({ id: device_id, name })), 'verge device list');
}

async function found<Entry>(entries: AsyncIterable<Entry>, named: (entry: Entry) => Named): Promise<Named[]> {
  const all: Named[] = [];
  for await (const entry of entries) all.push(named(entry));
  return all;
}
