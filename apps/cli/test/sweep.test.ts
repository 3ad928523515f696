import { eventually } from '@vergeai/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plain, terminal } from './support/terminal.js';
import { MODEL, worldWithExperiment, type WorldWithExperiment } from './support/world.js';

let here: WorldWithExperiment;
let device: string;
beforeAll(async () => {
  here = await worldWithExperiment();
  device = (await here.client.Device.create({ project_id: here.project_id })).body.device_api_key;
});
afterAll(() => here[Symbol.asyncDispose]());

const sweep = (...args: string[]) => here.verge(['sweep', ...args]);
const described = async (sweep_id: string) => (await here.client.Sweep.describe({ project_id: here.project_id, sweep_id })).body;

async function complete(experiment_id: string, loss: number): Promise<void> {
  const { client, project_id } = here;
  const job_id = await eventually('a job of the fork runs', async () => {
    const { current_job } = (await client.Experiment.get({ project_id, experiment_id })).body;
    return current_job !== 'NONE' && current_job;
  });
  await client.withOptions({ apiKey: device }).Device.submit_model_update({ project_id, job_id, model: MODEL, metrics: { loss } });
  await client.Job.wait_for_completion({ project_id, job_id });
}

describe('verge sweep', () => {
  it('tries every combination, shows the forks as they rank, and cancels what is left', async () => {
    const made = await sweep('create', '--name', 'Rates', '--try', 'learning_rate=1.0,0.25', '--try', 'optimizer.name=sgd,adam', '--rank', 'loss:min', '--jobs', '2', '-q');
    expect(made.code, made.stderr).toBe(0);
    const id = made.stdout.trim();
    const { members, job, num_jobs, metric, mode } = await described(id);
    expect([members.length, job.num_devices, num_jobs, metric, mode]).toEqual([4, 1, 2, 'loss', 'min']);
    expect(members[2]!.hyperparameters).toEqual({ learning_rate: 0.25, 'optimizer.name': 'sgd' });
    await complete(members[1]!.experiment_id, 0.5);
    await complete(members[2]!.experiment_id, 0.125);
    await complete(members[2]!.experiment_id, 0.25);

    const screen = terminal(here, ['sweep', 'view', 'Rates'], { columns: 140 });
    expect(await screen.exited).toBe(0);
    const [, header, ...rows] = plain(screen.shown()).trimEnd().split('\n').map((line) => line.trim().split(/ {2,}/));
    expect(header).toEqual(['EXPERIMENT', 'learning_rate', 'optimizer.name', 'BEST loss', 'IN JOB', 'LAST', 'JOBS', 'STATUS']);
    expect(rows).toEqual([
      [members[2]!.experiment_id.slice(0, 8), '0.25', 'sgd', '0.125', '1', '0.25', '2/2', 'ended'],
      [members[1]!.experiment_id.slice(0, 8), '1', 'adam', '0.5', '1', '0.5', '1/2', 'running'],
      [members[0]!.experiment_id.slice(0, 8), '1', 'sgd', '0/2', 'running'],
      [members[3]!.experiment_id.slice(0, 8), '0.25', 'adam', '0/2', 'running'],
    ]);
    expect(JSON.parse((await sweep('view', id.slice(0, 8), '--json')).stdout)).toEqual(await described(id));
    expect((await sweep('list')).stdout.split('\t').slice(0, 6)).toEqual([id, 'Rates', 'RUNNING', '4', 'grid', 'loss:min']);
    expect((await sweep('cancel', 'Rates', '--yes')).stderr).toContain('Cancelled 5 jobs.');
    expect((await described(id)).status).toBe('CANCELLED');
    expect((await sweep('cancel', 'Rates', '--yes')).stderr).toContain('Nothing was left to cancel: the sweep is CANCELLED.');
  });

  it('draws at random between bounds, by a seed, with what a series takes', async () => {
    const made = await sweep('create', '--try', 'learning_rate=0.001..0.1:log', '--try', 'momentum=-1..1', '--try', 'layers:=[[64],[64,32]]', '--count', '5', '--seed', '7', '--rank', 'accuracy:max', '--jobs', '3', '--stop-when', 'accuracy:max', '--threshold', '0.9', '-q');
    expect(made.code, made.stderr).toBe(0);
    const { members, hyperparameters, seed, method, job } = await described(made.stdout.trim());
    expect([members.length, seed, method]).toEqual([5, 7, 'random']);
    expect(hyperparameters).toEqual({ learning_rate: { min: 0.001, max: 0.1, scale: 'log' }, momentum: { min: -1, max: 1 }, layers: { values: [[64], [64, 32]] } });
    expect(job.stop_when).toMatchObject({ metric: 'accuracy', mode: 'max', threshold: 0.9 });
  });

  it('refuses what makes no sense with 2, and a sweep that is not there with 3', async () => {
    const tried = ['create', '--try', 'learning_rate=0.1', '--rank', 'loss:min'];
    for (const wrong of [['create', '--rank', 'loss:min'], ['create', '--try', 'learning_rate=0.1'], ['create', '--try', 'learning_rate', '--rank', 'loss:min'], ['create', '--try', 'layers:=3', '--rank', 'loss:min'], [...tried, '--seed', '3'], [...tried, '--patience', '3'], ['create', '--try', 'learning_rate=0..1', '--rank', 'loss:min']])
      expect((await sweep(...wrong)).code, wrong.join(' ')).toBe(2);
    expect((await sweep('view', 'Nowhere')).code).toBe(3);
    expect((await sweep('cancel', 'f'.repeat(32), '--yes')).code).toBe(3);
  });
});
