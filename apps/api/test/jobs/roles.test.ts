import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createDatabase, eventually, startServer, type RunningServer } from '@vergeai/testkit';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { send } from '../support/api.js';
import { model } from '../support/training.js';

let folder: string;
let url: string;
const servers: RunningServer[] = [];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'vergeai-roles-'));
  url = await createDatabase(inject('postgresUrl'));
});
afterAll(async () => {
  for (const server of servers) await server.stop();
  await rm(folder, { recursive: true, force: true });
});

async function start(role: 'api' | 'worker'): Promise<RunningServer> {
  const shared = { DATABASE_URL: url, DATABASE_ALLOW_UNSAFE_FSYNC: '1', STORAGE_URL: `file:${path.join(folder, 'blobs')}`, SECRET_KEY: 'the-same-secret-for-both-roles-0123456789' };
  const server = await startServer({ dataDir: path.join(folder, role), env: { ...shared, ROLE: role } });
  servers.push(server);
  return server;
}

it('ROLE=api takes requests and leaves aggregations and deadlines to ROLE=worker, which takes no requests', { timeout: 120_000 }, async () => {
  const api = await start('api');
  async function call(operation: string, json: Record<string, unknown>, key = api.key) {
    const { status, body, text } = await send(api, 'POST', `/v1/${operation}`, { key, json });
    if (status >= 300) throw new Error(`${operation}: ${text}`);
    return body;
  }
  const { project_id } = await call('project/create', { project_name: 'Roles' });
  const { device_api_key } = await call('device/create', { project_id });
  const newJob = async (termination_criteria: unknown[]) => {
    const { ID: experiment_id } = await call('experiment/create', { project_id });
    await call('experiment/submit_start_model', { project_id, experiment_id, model: model(0) });
    return (await call('job/create', { project_id, experiment_id, num_devices: 1, termination_criteria })).ID as string;
  };
  const statusOf = async (job: string) => (await send(api, 'GET', `/v1/job/get/${project_id}/${job}`, { key: api.key })).body.status as string;

  const trained = await newJob([]);
  const overdue = await newJob([{ type: 'DurationTerminationCriteria', max_duration_sec: 0.1 }]);
  await call('device/submit_model_update', { project_id, job_id: trained, model: model(1) }, device_api_key);
  // Time enough for several looks of a process that did look.
  await pause(3_000);
  expect([await statusOf(trained), await statusOf(overdue)]).toEqual(['AGGREGATION_IN_PROGRESS', 'IN_PROGRESS']);

  const worker = await start('worker');
  await eventually('both are done', async () => (await statusOf(trained)) === 'COMPLETED' && (await statusOf(overdue)) === 'CANCELLED');
  expect((await send(worker, 'GET', `/v1/job/get/${project_id}/${trained}`, { key: api.key })).status).toBe(404);
  expect((await send(worker, 'GET', '/readyz')).status).toBe(200);

  const next = await newJob([]);
  await call('device/submit_model_update', { project_id, job_id: next, model: model(2) }, device_api_key);
  await eventually('it is aggregated', async () => (await statusOf(next)) === 'COMPLETED');
});
