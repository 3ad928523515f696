import { eventually } from '@vergeai/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { plain, terminal } from './support/terminal.js';
import { MODEL, worldWithExperiment, type WorldWithExperiment } from './support/world.js';

let here: WorldWithExperiment;
let device: { device_id: string; device_api_key: string };
beforeEach(async () => {
  here = await worldWithExperiment();
  device = (await here.client.Device.create({ project_id: here.project_id, device_name: 'laptop-1' })).body;
});
afterEach(() => here[Symbol.asyncDispose]());

const ids = () => ({ project_id: here.project_id, experiment_id: here.experiment_id });
const newJob = async () => (await here.client.Job.create({ ...ids(), num_devices: 1 })).body.ID;
const submit = (job_id: string, loss: number) =>
  here.client.withOptions({ apiKey: device.device_api_key }).Device.submit_model_update({ project_id: here.project_id, job_id, model: MODEL, num_examples: 2745, metrics: { loss } });

describe('verge watch', () => {
  it('shows jobs, loss and devices as they change, and ends when nothing is left to do', async () => {
    const first = await newJob();
    const screen = terminal(here, ['watch', '--until', 'idle']);
    await screen.see('Baseline');
    await screen.see('job 1 of 1   training   0/1 updates');
    await screen.see('laptop-1');
    const second = await newJob();
    await screen.see('1 ▸ 2 ·');
    await submit(first, 0.5);
    await screen.see('1 ✓ 2 ▸');
    await submit(second, 0.25);
    expect(await screen.exited).toBe(0);
    const shown = plain(screen.shown());
    expect(shown).toContain('1 ✓ 2 ✓');
    expect(shown).toContain('loss   █▁   0.5 → 0.25   (job 2, mean of 1)');
    expect(shown).toContain('idle, 2 jobs');
  });

  it('is left by q with 0 and by Ctrl-C with 130, and the job goes on', async () => {
    await newJob();
    for (const [key, code] of [['q', 0], ['\u0003', 130]] as const) {
      const screen = terminal(here, ['watch']);
      await screen.see('0/1 updates');
      screen.type(key);
      expect(await screen.exited).toBe(code);
    }
    expect((await here.client.Job.list(ids())).body.data[0]!.status).toBe('IN_PROGRESS');
  });

  it('never writes more than the terminal holds', async () => {
    await newJob();
    const screen = terminal(here, ['watch'], { columns: 40 });
    await screen.see('Baseline');
    await screen.see('laptop-1');
    screen.type('q');
    await screen.exited;
    for (const line of plain(screen.shown()).split('\n')) expect(line.length).toBeLessThanOrEqual(40);
  });

  it('is a line for each event where nothing can be redrawn', async () => {
    const job = await newJob();
    let said = '';
    const watching = here.verge(['watch', '--until', 'idle'], { started: (child) => child.stdout!.on('data', (text: string) => (said += text)) });
    await eventually('the start', () => said.includes('job 1 started'));
    await submit(job, 0.5);
    const { code, stdout } = await watching;
    expect(code).toBe(0);
    expect(stdout).toContain('2,745 examples, loss 0.5');
  });
});
