import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { VergeAI } from '@vergeai/sdk';
import { eventually } from '@vergeai/testkit';
import { expect, inject, it } from 'vitest';
import { place } from './support/verge.js';
import { MODEL, worldWithExperiment } from './support/world.js';

/** Those that ask somebody, or open a window; other tests run them in a terminal. */
const ASK = new Set(['verge login', 'verge login https://verge.example.com --profile work']);

async function examples(): Promise<string[]> {
  await using here = await place();
  interface Tree {
    readonly examples: readonly string[];
    readonly commands: readonly Tree[];
  }
  const below = ({ examples: own, commands }: Tree): string[] => [...own, ...commands.flatMap(below)];
  return below(JSON.parse((await here.verge(['help', '--json'])).stdout) as Tree).filter((line) => !ASK.has(line));
}

/** A world in which what the examples speak of is there. */
async function exampleWorld() {
  const here = await worldWithExperiment();
  const { client, folder, project_id, experiment_id, key, url } = here;
  const ids = { project_id, experiment_id };
  const device = (await client.Device.create({ project_id, device_name: 'laptop-1' })).body;
  const { ID: job_id } = (await client.Job.create({ ...ids, num_devices: 1 })).body;
  await client.withOptions({ apiKey: device.device_api_key }).Device.submit_model_update({ project_id, job_id, model: MODEL, metrics: { loss: 0.5 } });
  await client.Job.wait_for_completion({ project_id, job_id });

  const admin = new VergeAI({ apiKey: inject('key'), baseUrl: url });
  const { user_id } = (await admin.User.create({ user_name: 'Grace' })).body;
  const [mine] = (await client.APIKey.list()).body.data;
  const files: Readonly<Record<string, string>> = {
    'data/admin-key': key,
    '.bin/pass': `#!/bin/sh\necho ${key}\n`,
    'hyperparameters.json': '{"learning_rate":0.1}',
    'ids.json': JSON.stringify(ids),
    'model.json': JSON.stringify(MODEL),
    'train.mjs': 'export default ({ model }) => ({ model });\n',
    [path.relative(folder, here.config)]: JSON.stringify({ current: 'work', profiles: { work: { url, key } }, devices: { [project_id]: { url, device_id: device.device_id, key: device.device_api_key } } }),
  };
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text, { mode: name === '.bin/pass' ? 0o755 : 0o600 });
  }
  // What the examples name and nobody can name beforehand.
  const real = (line: string) =>
    line
      .replaceAll('https://verge.example.com', url)
      .replaceAll('0f7a1c9d2b3e4f5061728394a5b6c7d8', user_id)
      .replaceAll('8m3q5k1r0a2b4c6d', mine!.key_id)
      .replaceAll('model.safetensors', 'model.json');
  return { ...here, device, user_id, real };
}

it.each(await examples())('%s', { timeout: 60_000 }, async (line) => {
  await using here = await exampleWorld();
  await prepare(line, here);
  const [{ code, stderr }] = await Promise.all([here.shell(here.real(line)), meanwhile(line, here)]);
  expect(code, stderr).toBe(0);
});

type ExampleWorld = Awaited<ReturnType<typeof exampleWorld>>;

/** What somebody else does while the example runs. */
async function meanwhile(line: string, { client, project_id, experiment_id, device, verge }: ExampleWorld): Promise<void> {
  if (line.startsWith('verge train')) await verge(['device', 'run', 'train.mjs', '--max-jobs', '1'], { env: { VERGEAI_API_KEY: device.device_api_key } });
  if (line.includes('--workers 2')) {
    await eventually('both devices', async () => (await client.Device.list({ project_id })).body.data.length === 2);
    await client.Job.create({ project_id, experiment_id, num_devices: 2 });
  }
}

/** A sweep of the name that examples have for it. */
async function newSweep(client: VergeAI, ids: { project_id: string; experiment_id: string }): Promise<void> {
  await client.Sweep.create({ ...ids, sweep_name: 'Rates', hyperparameters: { learning_rate: { values: [0.1, 0.01] } }, method: 'grid', num_jobs: 2, job: { num_devices: 1 }, metric: 'loss', mode: 'min' });
}

/** What must have happened before. */
async function prepare(line: string, { client, project_id, experiment_id, user_id, device, shell }: ExampleWorld): Promise<void> {
  if (/members (set|remove)/.test(line)) await client.Project.add_member({ project_id, user_id, permission_level: 1 });
  if (line.startsWith('verge init')) await shell('rm verge.json');
  if (line.includes('submit_start_model')) await shell(`printf '{"project_id":"${project_id}","experiment_id":"%s"}' $(verge experiment create Next) > ids.json`);
  const [, numDevices = 0] = /(?:num_devices=|--devices )(\d+)/.exec(line) ?? [];
  for (let n = 0; n < Number(numDevices); n++) await client.Device.create({ project_id });
  if (line.includes('--experiment Next')) await client.Experiment.create({ project_id, experiment_name: 'Next' });
  if (line.startsWith('verge experiment compare')) await client.Experiment.create({ project_id, experiment_name: 'Faster', hyperparameters: { learning_rate: 0.1 } });
  if (/sweep (view|cancel)/.test(line)) await newSweep(client, { project_id, experiment_id });
  if (line.startsWith('verge model submit') && !line.includes('Next')) await shell('verge experiment use $(verge experiment create)');
  if (/job (cancel|retry)/.test(line)) await client.Job.create({ project_id, experiment_id, num_devices: 1 });
  if (line.includes('rollback --to 1')) await client.Experiment.rollback({ project_id, experiment_id, to: 'start' });
  if (line.includes('device run train.mjs --max-jobs')) await client.Job.create({ project_id, experiment_id, num_devices: 1 });
  if (line.includes('--workers 2')) await client.Device.delete({ project_id, device_id: device.device_id });
  if (line.includes('job retry')) await shell('verge job cancel @last --yes');
}
