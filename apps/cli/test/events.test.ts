import { once } from 'node:events';
import { VergeAI } from '@vergeai/sdk';
import { ADMIN_KEY, eventually, startServer } from '@vergeai/testkit';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { place } from './support/verge.js';
import { MODEL, worldWithExperiment, type WorldWithExperiment } from './support/world.js';

let here: WorldWithExperiment;
beforeAll(async () => {
  here = await worldWithExperiment();
});
afterAll(() => here[Symbol.asyncDispose]());

describe('verge events', () => {
  it('says what happened, oldest first, in words and as the API has it', async () => {
    const { stdout } = await here.verge(['events']);
    expect(stdout.trimEnd().split('\n').map((line) => line.split('\t')).map(([number, , type, words]) => [number, type, words])).toEqual([
      ['1', 'experiment_created', 'the experiment was created'],
      ['2', 'start_model_submitted', expect.stringMatching(/^start model: \d+ bytes of json, 2 tensors$/)],
    ]);
    const { project_id, experiment_id } = here;
    expect(JSON.parse((await here.verge(['events', '--json', '--since', '1'])).stdout)).toEqual((await here.client.Experiment.events({ project_id, experiment_id, after: 1 })).body.data);
  });

  it('followed comes as it happens, and ends when the experiment is idle', async () => {
    const { project_id, experiment_id } = here;
    const device = (await here.client.Device.create({ project_id })).body;
    const { ID: job_id } = (await here.client.Job.create({ project_id, experiment_id, num_devices: 1 })).body;
    let said = '';
    const following = here.verge(['events', '--until', 'idle', '--since', '2'], { started: (child) => child.stdout!.on('data', (text: string) => (said += text)) });
    await eventually('the start', () => said.includes('job 1 started'));
    await here.client.withOptions({ apiKey: device.device_api_key }).Device.submit_model_update({ project_id, job_id, model: MODEL });
    const { code, stdout } = await following;
    expect(code).toBe(0);
    expect(stdout.trimEnd().split('\n').map((line) => line.split('\t')[2])).toEqual(['job_initialized', 'job_in_progress', 'model_update_submitted', 'job_aggregation_in_progress', 'job_completed', 'current_model_changed']);
  });

  it('tells the last ones, oldest first, of a type, a job and a device, and goes on from them', async () => {
    const { project_id, experiment_id } = here;
    const rows = (stdout: string) => stdout.trimEnd().split('\n').map((line) => line.split('\t')[2]);
    expect(rows((await here.verge(['events', '--last', '2'])).stdout)).toEqual(['job_completed', 'current_model_changed']);
    expect(rows((await here.verge(['events', '--last', '2', '--type', 'job_in_progress', '--type', 'model_update_submitted', '--type', 'start_model_submitted'])).stdout)).toEqual(['job_in_progress', 'model_update_submitted']);
    const all = (await here.client.Experiment.events({ project_id, experiment_id })).body.data;
    const device = all.find(({ device_id }) => device_id !== null)!.device_id!;
    expect(rows((await here.verge(['events', '--device', device, '--job', '1'])).stdout)).toEqual(['model_update_submitted']);
    const { stdout } = await here.verge(['events', '--last', '1', '--type', 'job_completed', '--until', 'idle']);
    expect(rows(stdout)).toEqual(['job_completed']);
    const wrong = await here.verge(['events', '--type', 'job_lost']);
    expect([wrong.code, wrong.stderr]).toEqual([expect.any(Number), expect.stringContaining('types')]);
    expect(wrong.code).not.toBe(0);
  });

  it('misses nothing and tells nothing twice when the server is killed and started again', { timeout: 120_000 }, async () => {
    const dataDir = await mkdtemp(path.join(tmpdir(), 'verge-cli-data-'));
    let server = await startServer({ dataDir });
    const { port } = new URL(server.url);
    await using folder = await place({ VERGEAI_API_KEY: ADMIN_KEY, VERGEAI_BASE_URL: server.url });
    const client = new VergeAI({ apiKey: ADMIN_KEY, baseUrl: server.url });
    const { project_id } = (await client.Project.create({ project_name: 'Digits' })).body;
    const { ID: experiment_id } = (await client.Experiment.create({ project_id })).body;
    let said = '';
    let stop = () => {};
    const following = folder.verge(['events', '--follow', '--jsonl', '--project', project_id, '--experiment', experiment_id], {
      started(child) {
        stop = () => void child.kill('SIGINT');
        child.stdout!.on('data', (text: string) => (said += text));
        void once(child, 'close');
      },
    });
    await eventually('the first event', () => said.includes('experiment_created'));
    for (const round of [1, 2]) {
      await server.kill();
      server = await startServer({ dataDir, env: { PORT: port } });
      for (let n = 0; n < 3; n++) await client.Experiment.update({ project_id, experiment_id, experiment_name: `Round ${round}, ${n}` });
      await eventually('what happened since', () => said.includes(`Round ${round}, 2`));
    }
    stop();
    const { code, stdout } = await following;
    expect(code).toBe(130);
    expect(stdout.trimEnd().split('\n').map((line) => (JSON.parse(line) as { sequence: number }).sequence)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  });
});
