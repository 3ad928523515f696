import { eventually, startServer, type RunningServer } from '@vergeai/testkit';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { send } from '../support/api.js';
import { safetensors } from '../support/models.js';
import { putRaw, type Ticket } from '../support/uploads.js';

const MiB = 1024 * 1024;
const DEVICES = 20;

/** The most memory a process has had so far, or has now. Linux only. */
const memoryOf = async (pid: number, what: 'VmHWM' | 'VmRSS') => Number(new RegExp(`${what}:\\s+(\\d+) kB`).exec(await readFile(`/proc/${pid}/status`, 'utf8'))![1]) * 1024;

describe.runIf(process.platform === 'linux')('the memory of a server', () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.stop());

  const call = async (operation: string, json: Record<string, unknown>, key = server.key) => {
    const { status, body, text } = await send(server, 'POST', `/v1/${operation}`, { key, json });
    if (status !== 200) throw new Error(`${operation}: ${text}`);
    return body;
  };

  it(`that takes in and aggregates ${DEVICES} updates of 10 MB stays within 256 MiB over idle`, { timeout: 600_000 }, async () => {
    const { project_id } = await call('project/create', { project_name: 'Memory' });
    const { ID: experiment_id } = await call('experiment/create', { project_id });
    const values = new Float32Array(2_500_000).fill(0.5);
    const bytes = safetensors({ w: { dtype: 'F32', shape: [values.length], data: new Uint8Array(values.buffer) } });
    const { model_url } = await call('experiment/submit_start_model', { project_id, experiment_id });
    expect((await putRaw(model_url as Ticket, bytes)).status).toBe(204);
    const devices = await Promise.all(Array.from({ length: DEVICES }, () => call('device/create', { project_id })));
    const { ID: job_id } = await call('job/create', { project_id, experiment_id, num_devices: DEVICES });
    const idle = await memoryOf(server.pid, 'VmRSS');
    await Promise.all(
      devices.map(async ({ device_api_key }) => {
        const { model_url: ticket } = await call('device/submit_model_update', { project_id, job_id }, device_api_key as string);
        expect((await putRaw(ticket as Ticket, bytes)).status).toBe(204);
      }),
    );
    await eventually('the aggregate is there', async () => (await send(server, 'GET', `/v1/job/get/${project_id}/${job_id}`, { key: server.key })).body.status === 'COMPLETED', 300_000);
    const peak = await memoryOf(server.pid, 'VmHWM');
    console.log(`idle ${Math.round(idle / MiB)} MiB, at most ${Math.round(peak / MiB)} MiB`);
    expect(peak - idle).toBeLessThan(256 * MiB);
  });
});
