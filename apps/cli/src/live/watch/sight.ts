import type { ExperimentMetricsEntry, JobDevicesEntry, JobListEntry } from '@vergeai/sdk';
import type { Context } from '../../context/context.js';
import type { ExperimentIds } from '../../names/names.js';

/** What is seen of an experiment at one moment. */
export interface Sight {
  readonly experiment_id: string;
  readonly name: string | null;
  readonly num_jobs: number;
  /** The last ones, in their order. */
  readonly jobs: readonly JobListEntry[];
  /** Those of the job that runs. */
  readonly devices: readonly JobDevicesEntry[];
  /** What the last jobs reported, in their order. */
  readonly metrics: readonly ExperimentMetricsEntry[];
}

/** More would not fit on a screen. */
const JOBS = 50;
const DEVICES = 100;

const LIVE: ReadonlySet<string> = new Set(['IN_PROGRESS', 'AGGREGATION_IN_PROGRESS']);
export const isLive = ({ status }: Pick<JobListEntry, 'status'>): boolean => LIVE.has(status);

/** Looks. Numbers of jobs that have ended stay as they are, so they are asked for only when one has ended since. */
export async function look({ client, call }: Context, ids: ExperimentIds, before: Sight | undefined): Promise<Sight> {
  const [{ body: experiment }, { body: list }] = await Promise.all([client.Experiment.describe({ ...ids, limit: 1 }, call), client.Job.list({ ...ids, limit: JOBS }, call)]);
  const jobs = list.data.toReversed();
  const live = jobs.find(isLive);
  const ended = (all: readonly JobListEntry[]) => all.filter(({ status }) => status === 'COMPLETED').at(-1)?.job_id;
  const metrics = before && ended(before.jobs) === ended(jobs) ? before.metrics : (await client.Experiment.metrics({ ...ids, limit: JOBS }, call)).body.data.toSorted((a, b) => a.sequence - b.sequence);
  const devices = live ? (await client.Job.devices({ project_id: ids.project_id, job_id: live.job_id, limit: DEVICES }, call)).body.data : [];
  return { experiment_id: ids.experiment_id, name: experiment.name, num_jobs: experiment.num_jobs, jobs, devices, metrics };
}
