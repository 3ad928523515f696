import { eventually } from '@vergeai/testkit';
import { send, type Reply, type TestApi } from './api.js';
import type { Training } from './training.js';

/** What a test says of a sweep when it does not matter: two forks of two jobs. */
const usual = { hyperparameters: { lr: { values: [0.1, 0.2] } }, method: 'grid', num_jobs: 2, job: { num_devices: 1 }, metric: 'loss', mode: 'min' };

export const createSweep = (api: TestApi, { project, experiment }: Training, more: Record<string, unknown> = {}, { key = api.adminKey, headers = {} }: { key?: string; headers?: Record<string, string> } = {}): Promise<Reply> =>
  send(api, 'POST', '/v1/sweep/create', { key, json: { project_id: project, experiment_id: experiment, ...usual, ...more }, headers });

export interface NewSweep {
  readonly sweep_id: string;
  readonly seed: number | null;
  readonly members: ReadonlyArray<{ readonly experiment_id: string; readonly series_id: string; readonly hyperparameters: Record<string, unknown> }>;
}

export async function newSweep(api: TestApi, training: Training, more: Record<string, unknown> = {}): Promise<NewSweep> {
  const { status, body, text } = await createSweep(api, training, more);
  if (status !== 200) throw new Error(text);
  const members = (body as NewSweep).members.map(({ experiment_id }) => ({ currentJobId: null, id: experiment_id }));
  await eventually('the first job of each fork runs', async () => (await api.ctx.db.prisma.experiment.count({ where: { OR: members } })) === 0);
  return body as NewSweep;
}

export const describeSweep = async (api: TestApi, { project }: Training, sweep: string) => (await send(api, 'GET', `/v1/sweep/describe/${project}/${sweep}`, { key: api.adminKey })).body;

export const cancelSweep = (api: TestApi, { project }: Training, sweep: string) => send(api, 'POST', '/v1/sweep/cancel', { key: api.adminKey, json: { project_id: project, sweep_id: sweep } });

/** One fork, as if it were the training's own experiment. */
export const memberAt = (training: Training, sweep: NewSweep, at: number): Training => ({ ...training, experiment: sweep.members[at]!.experiment_id });
