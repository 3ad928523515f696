import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { eventually } from '@vergeai/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MODEL, worldWithExperiment, type WorldWithExperiment } from './support/world.js';

let here: WorldWithExperiment;
beforeEach(async () => {
  here = await worldWithExperiment();
  await writeFile(path.join(here.folder, 'model.json'), JSON.stringify(MODEL));
  await trains(`report({ loss: 1 / job.sequence }); return { model, numExamples: 10 };`);
});
afterEach(() => here[Symbol.asyncDispose]());

/** What the devices do. */
const trains = (does: string) => writeFile(path.join(here.folder, 'train.mjs'), `export default async function train({ model, job, signal, report }) { ${does} }\n`);
const onlineDevices = async () => (await here.client.Device.list({ project_id: here.project_id, presence: 'online' })).body.data.length;
const ids = () => ({ project_id: here.project_id, experiment_id: here.experiment_id });

/** `verge device run` in the background; ends with the test. */
function devices(...args: string[]) {
  let kill: (signal: NodeJS.Signals) => void = () => {};
  let said = '';
  const ended = here.verge(['device', 'run', 'train.mjs', '--jsonl', ...args], {
    started(child) {
      kill = (signal) => void child.kill(signal);
      child.stderr!.on('data', (text: string) => (said += text));
    },
  });
  return { ended, kill: (signal: NodeJS.Signals) => kill(signal), said: () => said };
}

describe('verge train', () => {
  it('with devices of verge device run gives a trained model, whose bytes are those of the server', async () => {
    const running = devices('--workers', '2', '--max-jobs', '3');
    await eventually('both devices', async () => (await onlineDevices()) === 2);
    const { code, stdout, stderr } = await here.verge(['train', 'model.json', '--rounds', '3', '--devices', '2', '--min-devices', '1', '--max-duration', '10m', '--name', 'Rounds', '-o', 'trained.json', '--json']);
    expect(code, stderr).toBe(0);
    const { experiment_id, job_ids, sha256 } = JSON.parse(stdout) as { experiment_id: string; job_ids: string[]; sha256: string };
    expect(job_ids).toHaveLength(3);
    const bytes = await readFile(path.join(here.folder, 'trained.json'));
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
    const { current_model, jobs } = (await here.client.Experiment.describe({ project_id: here.project_id, experiment_id })).body;
    expect(current_model!.sha256).toBe(sha256);
    expect(jobs.data.map(({ status }) => status)).toEqual(['COMPLETED', 'COMPLETED', 'COMPLETED']);
    for (const step of ['verge experiment create "Rounds"', 'verge model submit model.json', 'verge job create --count 3 --devices 2 --min-devices 1 --max-duration 600s', 'verge job wait 3']) expect(stderr).toContain(step);

    const { stdout: told, code: ended } = await running.ended;
    expect(ended).toBe(0);
    expect(told.trimEnd().split('\n').map((line) => (JSON.parse(line) as { outcome: string }).outcome)).toEqual(Array(6).fill('submitted'));
    // They were registered for as long as they ran.
    expect((await here.client.Device.list({ project_id: here.project_id })).body.data).toEqual([]);
  });

  it('goes on when a device gives up and another one is there', async () => {
    await trains(`const { existsSync, writeFileSync } = await import('node:fs'); if (!existsSync('failed')) { writeFileSync('failed', ''); throw new Error('battery low'); } return { model };`);
    const running = devices('--workers', '2');
    await eventually('both devices', async () => (await onlineDevices()) === 2);
    expect(await here.verge(['train', 'model.json'])).toMatchObject({ code: 0 });
    running.kill('SIGTERM');
    expect((await running.ended).stderr).toContain('battery low');
  });

  it('ends with 6 when every device gives up, and says why', async () => {
    await trains(`throw new Error('battery low');`);
    const running = devices('--workers', '2');
    await eventually('both devices', async () => (await onlineDevices()) === 2);
    const { code, stderr } = await here.verge(['train', 'model.json', '--devices', '2']);
    expect(code).toBe(6);
    expect(stderr).toContain('verge job retry');
    running.kill('SIGTERM');
    await running.ended;
  });
});

describe('waiting for a job', () => {
  beforeEach(async () => {
    await here.client.Device.create({ project_id: here.project_id });
  });

  it('ends with 7 when it was cancelled, be it before or meanwhile', async () => {
    const waiting = here.verge(['job', 'create', '--wait']);
    await eventually('the job', async () => (await here.client.Job.list(ids())).body.data.length === 1);
    expect(await here.verge(['job', 'cancel', '1', '--yes'])).toMatchObject({ code: 0 });
    expect(await waiting).toMatchObject({ code: 7, stdout: '' });
    expect(await here.verge(['job', 'wait', '1'])).toMatchObject({ code: 7, stdout: '' });
  });

  it('ends with 8 when --timeout has passed, and the job goes on', async () => {
    await here.verge(['job', 'create']);
    const { code, stderr } = await here.verge(['job', 'wait', '@last', '--timeout', '0.5s']);
    expect(code).toBe(8);
    expect(stderr).toContain('It goes on');
    expect((await here.client.Job.list(ids())).body.data[0]!.status).toBe('IN_PROGRESS');
  });

  it('ends with 130 on Ctrl-C, and the job goes on', async () => {
    await here.verge(['job', 'create']);
    const { code } = await here.verge(['job', 'wait', '1'], {
      started: (child) => child.stderr!.on('data', (text: string) => text.includes('training') && child.kill('SIGINT')),
    });
    expect(code).toBe(130);
    expect((await here.client.Job.list(ids())).body.data[0]!.status).toBe('IN_PROGRESS');
  });
});

describe('verge device run', () => {
  it('finishes the job under way when it is asked to end once', async () => {
    await trains(`await import('node:fs').then(({ writeFileSync }) => writeFileSync('training', '')); await new Promise((resolve) => setTimeout(resolve, 500)); return { model };`);
    await here.verge(['device', 'register', '--save']);
    await here.verge(['job', 'create']);
    const running = devices();
    await eventually('the training', () => readFile(path.join(here.folder, 'training')).then(() => true, () => false));
    running.kill('SIGTERM');
    const { code, stdout } = await running.ended;
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ sequence: 1, outcome: 'submitted' });
  });

  it('gives it up when it is asked twice', async () => {
    await trains(`await import('node:fs').then(({ writeFileSync }) => writeFileSync('training', '')); await new Promise((resolve) => signal.addEventListener('abort', resolve)); throw signal.reason;`);
    await here.verge(['device', 'register', '--save']);
    await here.verge(['job', 'create']);
    const running = devices();
    await eventually('the training', () => readFile(path.join(here.folder, 'training')).then(() => true, () => false));
    running.kill('SIGINT');
    await eventually('what comes next is said', () => running.said().includes('once more ends at once'));
    running.kill('SIGTERM');
    expect((await running.ended).code).toBe(130);
  });

  it('says what is wrong with a file that trains nothing', async () => {
    await writeFile(path.join(here.folder, 'train.mjs'), 'export const x = 1;\n');
    const { code, stderr } = await devices().ended;
    expect(code).toBe(2);
    expect(stderr).toContain('export default async function train');
  });

  it("keeps a device's key where nobody else can read it, and prints it nowhere", async () => {
    const { stdout } = await here.verge(['device', 'register', '--save', '--json']);
    expect(Object.keys(JSON.parse(stdout) as object)).toEqual(['device_id']);
    expect(await readFile(here.config, 'utf8')).toContain('vgd_');
  });
});

describe('metrics', () => {
  it('are drawn, listed by job and by device, and written as CSV', async () => {
    await here.verge(['device', 'register', '--save']);
    await here.verge(['job', 'create', '--count', '3']);
    await devices('--max-jobs', '3').ended;
    await eventually('all jobs', async () => !(await here.client.Experiment.get(ids())).body.is_active);
    expect((await here.verge(['metrics', '--plot'])).stdout).toBe('loss\t█▃▁  1 → 0.3333\n');
    const byJob = (await here.verge(['metrics'])).stdout.trimEnd().split('\n').map((line) => line.split('\t'));
    expect(byJob.map(([sequence, , devicesOfIt, loss]) => [sequence, devicesOfIt, Number(loss)])).toEqual([['1', '1', 1], ['2', '1', 0.5], ['3', '1', 1 / 3]]);
    const csv = (await here.verge(['metrics', '--by', 'device', '--csv'])).stdout.split('\r\n');
    expect(csv[0]).toBe('sequence,job_id,device_id,num_examples,loss');
    expect(csv[1]).toMatch(/^1,[0-9a-f]{32},[0-9a-f]{32},10,1$/);
    expect(JSON.parse((await here.verge(['metrics', '--json'])).stdout)).toHaveLength(3);
  });
});

describe('a model', () => {
  it('comes back byte for byte, to a file and to stdout', async () => {
    const bytes = Buffer.from(await here.client.Experiment.start_model(ids()).bytes());
    expect((await here.verge(['model', 'download', 'start', '-o', '-'])).stdout).toBe(bytes.toString());
    const { code, stdout } = await here.verge(['model', 'download', '-q']);
    expect(code).toBe(0);
    expect(stdout).toBe('current-model.json\n');
    expect(await readFile(path.join(here.folder, 'current-model.json'))).toEqual(bytes);
  });

  it('that is not there yet is not found; one that was never a file is said to be none', async () => {
    await here.client.Device.create({ project_id: here.project_id });
    await here.verge(['job', 'create']);
    expect(await here.verge(['model', 'download', 'job', '1'])).toMatchObject({ code: 3 });
    expect(await here.verge(['model', 'submit', 'nothing.json'])).toMatchObject({ code: 2 });
  });
});
