import { describe, expect, it } from 'vitest';
import { tellsOf } from '../../src/live/tells-of.js';

const [project_id, experiment_id, job_id] = ['p', 'e', 'j'];
const change = (about: 'project' | 'member' | 'experiment' | 'job' | 'device', id: string, of: string | null = null) => ({ type: 'change', about, id, experiment_id: of }) as const;

const asked = {
  project: ['project.overview', { project_id }],
  members: ['project.members', { project_id, limit: 200 }, 'pages'],
  experiments: ['experiment.list', { project_id, q: 'base' }, 'pages'],
  compared: ['project.compare', { project_id, experiment_ids: 'e,f' }],
  experiment: ['experiment.describe', { project_id, experiment_id, limit: 1 }],
  log: ['experiment.events', { project_id, experiment_id }, 'count'],
  jobs: ['job.list', { project_id, experiment_id }],
  job: ['job.describe', { project_id, job_id }],
  devicesOfJob: ['job.devices', { project_id, job_id }],
  otherJob: ['job.describe', { project_id, job_id: 'k' }],
  otherExperiment: ['experiment.describe', { project_id, experiment_id: 'f' }],
  devices: ['device.list', { project_id }, 'pages'],
  device: ['device.get', { project_id, device_id: 'd' }],
  elsewhere: ['experiment.list', { project_id: 'q' }],
  projects: ['project.list', { limit: 200 }, 'pages'],
  keys: ['auth.list', {}],
} as const;

const touched = (of: ReturnType<typeof change>) => Object.entries(asked).flatMap(([name, key]) => (tellsOf(key, project_id, of) ? [name] : []));

describe('what is asked for again after a change', () => {
  it('of a job: that job, its experiment, and what tells of all of them', () => {
    expect(touched(change('job', 'j', 'e'))).toEqual(['project', 'experiments', 'compared', 'experiment', 'log', 'jobs', 'job', 'devicesOfJob', 'devices', 'device']);
  });

  it('of an experiment: that one with its jobs, and lists of experiments', () => {
    expect(touched(change('experiment', 'e', 'e'))).toEqual(['project', 'experiments', 'compared', 'experiment', 'log', 'jobs', 'job', 'devicesOfJob', 'otherJob']);
  });

  it('of a device: that one, lists of devices, and the devices of jobs', () => {
    expect(touched(change('device', 'd'))).toEqual(['project', 'devicesOfJob', 'devices', 'device']);
    expect(touched(change('device', 'other'))).toEqual(['project', 'devicesOfJob', 'devices']);
  });

  it('of a member or of the project itself: what tells of the project', () => {
    expect(touched(change('member', 'u'))).toEqual(['project', 'members', 'compared']);
    expect(touched(change('project', 'p'))).toEqual(['project', 'members', 'compared', 'projects']);
  });
});
