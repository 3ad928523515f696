import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plain, terminal } from './support/terminal.js';
import { MODEL, worldWithExperiment, type WorldWithExperiment } from './support/world.js';

let here: WorldWithExperiment;
let faster: string;
beforeAll(async () => {
  here = await worldWithExperiment();
  const { client, project_id } = here;
  faster = (await client.Experiment.create({ project_id, experiment_name: 'Faster', hyperparameters: { learning_rate: 0.1, note: 'a, b' } })).body.ID;
  await client.Experiment.submit_start_model({ project_id, experiment_id: faster, model: MODEL });
  const { device_api_key } = (await client.Device.create({ project_id })).body;
  for (const [experiment_id, losses] of [[here.experiment_id, [0.5, 0.25]], [faster, [0.75]]] as const) {
    for (const loss of losses) {
      const { ID: job_id } = (await client.Job.create({ project_id, experiment_id, num_devices: 1 })).body;
      await client.withOptions({ apiKey: device_api_key }).Device.submit_model_update({ project_id, job_id, model: MODEL, metrics: { loss, 'top,5': 1 } });
      await client.Job.wait_for_completion({ project_id, job_id });
    }
  }
});
afterAll(() => here[Symbol.asyncDispose]());

describe('verge experiment compare', () => {
  it('shows to people what differs and how each ended, an experiment a line', async () => {
    const screen = terminal(here, ['experiment', 'compare', 'Baseline', 'Faster'], { columns: 120 });
    expect(await screen.exited).toBe(0);
    const [, header, ...rows] = plain(screen.shown()).trimEnd().split('\n').map((line) => line.trim().split(/ {2,}/));
    expect(header).toEqual(['EXPERIMENT', 'NAME', 'LAST JOB', 'learning_rate', 'note', 'loss', 'top,5']);
    expect(rows).toEqual([
      [here.experiment_id.slice(0, 8), 'Baseline', '2', '0.01', '0.25', '1'],
      [faster.slice(0, 8), 'Faster', '1', '0.1', 'a, b', '0.75', '1'],
    ]);
  });

  it('gives to programs lines, ids, or the whole answer with its curves', async () => {
    const { project_id, experiment_id, client } = here;
    const compare = (...more: string[]) => here.verge(['experiment', 'compare', 'Faster', 'Baseline', ...more]);
    expect((await compare('--metric', 'top,5', '--metric', 'loss')).stdout).toBe(`${faster}\tFaster\t1\t0.1\ta, b\t1\t0.75\n${experiment_id}\tBaseline\t2\t0.01\t\t1\t0.25\n`);
    expect((await compare('-q')).stdout).toBe(`${faster}\n${experiment_id}\n`);
    const { body } = await client.Project.compare({ project_id, experiment_ids: `${faster},${experiment_id}` });
    expect(JSON.parse((await compare('--json')).stdout)).toEqual(body);
    expect((await compare('--jsonl')).stdout).toBe(body.experiments.map((experiment) => `${JSON.stringify(experiment)}\n`).join(''));
  });

  it('refuses fewer than two with 2, and one that is not there with 3', async () => {
    expect((await here.verge(['experiment', 'compare'])).code).toBe(2);
    const alone = await here.verge(['experiment', 'compare', 'Baseline']);
    expect(alone.code).toBe(2);
    expect(alone.stderr).toContain('two');
    expect((await here.verge(['experiment', 'compare', 'Baseline', 'f'.repeat(32)])).code).toBe(3);
  });
});
