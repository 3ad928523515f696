import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { startApi } from '../support/api.js';
import { describeSweep } from '../support/sweeping.js';
import { newTraining } from '../support/training.js';

it('docs/sweeps.md begins with a command that makes the sweep it says', async () => {
  const page = await readFile(new URL('../../../../docs/sweeps.md', import.meta.url), 'utf8');
  const api = await startApi('sqlite');
  try {
    const training = await newTraining(api, 2);
    const [, command] = /```sh\n(curl [^]*?)```/.exec(page)!;
    const real = command!.replace('"project_id": "…"', `"project_id": "${training.project}"`).replace('"experiment_id": "…"', `"experiment_id": "${training.experiment}"`);
    const { stdout } = await promisify(execFile)('bash', ['-c', real], { env: { PATH: process.env['PATH'], VERGEAI_URL: api.url, VERGEAI_API_KEY: api.adminKey } });
    const { sweep_id } = JSON.parse(stdout) as { sweep_id: string };
    const { name, members } = await describeSweep(api, training, sweep_id);
    expect(name).toBe('Rates');
    expect(members.map(({ hyperparameters }: { hyperparameters: object }) => hyperparameters)).toEqual([0.1, 0.01, 0.001].flatMap((lr) => ['sgd', 'adam'].map((optimizer) => ({ lr, 'optimizer.name': optimizer }))));
  } finally {
    await api.close();
  }
});
