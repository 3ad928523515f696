import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ADMIN_KEY, eventually, startServer } from '@vergeai/testkit';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { findViolations } from '../src/check/checks.js';
import { toEvidence } from '../src/check/evidence.js';
import { readDatabase } from '../src/check/read-database.js';

it('finds nothing wrong with a job that evaluated between two that trained, and what is wrong with one that made a model', { timeout: 120_000 }, async () => {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'vergeai-evaluations-'));
  try {
    const server = await startServer({ dataDir });
    const call = async (apiPath: string, json?: object, key = ADMIN_KEY) => {
      const response = await fetch(`${server.url}/v1/${apiPath}`, { method: json ? 'POST' : 'GET', headers: { authorization: key, 'content-type': 'application/json' }, ...(json && { body: JSON.stringify(json) }) });
      const text = await response.text();
      if (!response.ok) throw new Error(text);
      return (text ? JSON.parse(text) : {}) as Record<string, string>;
    };
    const project_id = (await call('project/create', { project_name: 'Measured' }))['project_id']!;
    const experiment_id = (await call('experiment/create', { project_id }))['ID']!;
    await call('experiment/submit_start_model', { project_id, experiment_id, model: { w: [1] } });
    const device = (await call('device/create', { project_id }))['device_api_key']!;
    for (const kind of ['TRAIN', 'EVALUATE', 'TRAIN']) {
      const job_id = (await call('job/create', { project_id, experiment_id, num_devices: 1, kind }))['ID']!;
      if (kind === 'EVALUATE') await call('device/submit_evaluation', { project_id, job_id, metrics: { loss: 0.5 } }, device);
      else await call('device/submit_model_update', { project_id, job_id, model: { w: [2] } }, device);
      await eventually('the job is completed', async () => (await call(`job/get/${project_id}/${job_id}`))['status'] === 'COMPLETED');
    }
    await server.stop();

    const file = path.join(dataDir, 'vergeai.db');
    const violations = async () => findViolations(toEvidence(await readDatabase(`file:${file}`), { journal: [{ at: 0, what: 'others' }], blobs: path.join(dataDir, 'blobs'), logs: [], wire: undefined, patienceMs: 10_000 }));
    expect(await violations()).toEqual([]);
    const db = new Database(file);
    db.pragma('ignore_check_constraints = ON');
    db.prepare(`UPDATE "Job" SET "aggregateModelId" = (SELECT "startModelId" FROM "Experiment") WHERE "kind" = 'EVALUATE'`).run();
    db.close();
    expect((await violations()).join('\n')).toMatch(/evaluates and has an aggregate/);
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
});
