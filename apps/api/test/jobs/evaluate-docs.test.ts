import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { send, startApi } from '../support/api.js';
import { jobWith, newTraining, submitEvaluation } from '../support/training.js';

it('docs/evaluations.md creates an evaluation and answers it with the commands that it shows', async () => {
  const page = await readFile(new URL('../../../../docs/evaluations.md', import.meta.url), 'utf8');
  const api = await startApi('sqlite');
  try {
    const training = await newTraining(api, 2);
    const run = async (command: string, ids: Record<string, string>) => {
      const real = Object.entries(ids).reduce((text, [name, id]) => text.replace(`"${name}": "…"`, `"${name}": "${id}"`), command);
      const env = { PATH: process.env['PATH'], VERGEAI_URL: api.url, VERGEAI_API_KEY: api.adminKey, VERGEAI_DEVICE_KEY: training.devices[0]!.key };
      return (await promisify(execFile)('bash', ['-c', real], { env })).stdout;
    };
    const [create, submit] = Array.from(page.matchAll(/```sh\n(curl [^]*?)```/g), ([, command]) => command!);
    const { ID } = JSON.parse(await run(create!, { project_id: training.project, experiment_id: training.experiment })) as { ID: string };
    expect(await run(submit!, { project_id: training.project, job_id: ID })).toBe('{}');
    await submitEvaluation(api, training, ID, training.devices[1]!, { eval_accuracy: 0.73 }, { num_examples: 512 });
    await jobWith(api, training, ID, 'COMPLETED');
    const { body } = await send(api, 'GET', `/v1/job/describe/${training.project}/${ID}`, { key: api.adminKey });
    expect(body).toMatchObject({ kind: 'EVALUATE', is_complete: true, mean: { eval_accuracy: expect.closeTo(0.83, 12) } });
  } finally {
    await api.close();
  }
});
