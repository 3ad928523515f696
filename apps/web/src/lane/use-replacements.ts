import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { read } from '../api/ask.js';
import type { Job, JobDevice } from '../api/job.js';

/** Of so many jobs, the newest, it is asked which devices were replaced, and of each about so many. */
const JOBS = 20;
const DEVICES = 100;

/** A device whose place another one took; when, in milliseconds since 1970. */
export interface Replacement {
  readonly at: number;
  readonly name: string;
  readonly reason: string;
}

/** Which devices of jobs were replaced, by the job's id, as far as it is known. */
export function useReplacements(project_id: string, jobs: readonly Job[]): ReadonlyMap<string, readonly Replacement[]> {
  const asked = jobs.slice(0, JOBS).filter(({ device_counts }) => device_counts.replaced > 0);
  const { data } = useQuery({
    queryKey: ['job.devices', { project_id }, 'replaced', ...asked.map(({ job_id, device_counts }) => `${job_id} ${device_counts.replaced}`)] as const,
    queryFn: ({ client }) => Promise.all(asked.map(async (job) => [job.job_id, await client.query(replacedIn(project_id, job))] as const)),
    enabled: asked.length > 0,
    staleTime: 'static',
    placeholderData: keepPreviousData,
  });
  return new Map(data?.map(([job_id, devices]) => [job_id, devices.flatMap(replacement)]));
}

/** A device that was replaced stays so: only when there is one more is it asked again. */
const replacedIn = (project_id: string, { job_id, device_counts }: Job) =>
  queryOptions({
    queryKey: ['job.devices', { project_id, job_id, state: 'replaced', limit: DEVICES }, 'replaced', device_counts.replaced] as const,
    queryFn: async ({ queryKey, signal }) => (await read('job.devices', queryKey[1], signal)).data,
    staleTime: 'static',
  });

const replacement = ({ device_id, device_name, ended_at, reason }: JobDevice): Replacement[] =>
  ended_at === null ? [] : [{ at: Date.parse(ended_at), name: device_name ?? device_id.slice(0, 8), reason: reason ?? 'no reason given' }];
