import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createDatabase, eventually, startServer, type RunningServer } from '@vergeai/testkit';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { send } from '../support/api.js';
import { putRaw, type Ticket } from '../support/uploads.js';

/** Text that takes a while to be parsed and averaged. */
const slowModel = (value: number) => `{"w":[${Array.from({ length: 400_000 }, (_, at) => value + at / 7).join()}]}`;

describe('two servers on one PostgreSQL', () => {
  let folder: string;
  let servers: RunningServer[] = [];
  let database: Client;
  let url: string;
  let project: string;
  let experiment: string;
  let devices: Array<{ device_id: string; device_api_key: string }>;
  let firstOwner: string;
  let undisturbedMs: number;

  const start = () =>
    startServer({
      dataDir: path.join(folder, `server-${servers.length}`),
      env: { DATABASE_URL: url, DATABASE_ALLOW_UNSAFE_FSYNC: '1', STORAGE_URL: `file:${path.join(folder, 'blobs')}`, SECRET_KEY: 'the-same-secret-for-both-servers-0123456789' },
    });

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'vergeai-two-'));
    url = await createDatabase(inject('postgresUrl'));
    database = new Client({ connectionString: url });
    await database.connect();
    servers.push(await start());
    servers.push(await start());
    ({ project_id: project } = await call('project/create', { project_name: 'Two' }));
    ({ ID: experiment } = await call('experiment/create', { project_id: project }));
    const { model_url } = await call('experiment/submit_start_model', { project_id: project, experiment_id: experiment });
    expect((await putRaw(model_url as Ticket, slowModel(0))).status).toBe(204);
    devices = [await call('device/create', { project_id: project }, 1), await call('device/create', { project_id: project })];
    // Whose name in a lease is whose: who is alone takes the task.
    process.kill(servers[1]!.pid, 'SIGSTOP');
    const { job, owner } = await aggregating(0, () => 0);
    const began = performance.now();
    firstOwner = owner;
    await eventually('it completes', async () => (await statusOf(job)) === 'COMPLETED', 120_000);
    undisturbedMs = performance.now() - began;
    process.kill(servers[1]!.pid, 'SIGCONT');
  });
  afterAll(async () => {
    for (const server of servers) {
      process.kill(server.pid, 'SIGCONT');
      await server.stop();
    }
    await database.end();
    await rm(folder, { recursive: true, force: true });
  });

  async function call(operation: string, json: Record<string, unknown>, at = 0, key = servers[at]!.key) {
    const { status, body, text } = await send(servers[at]!, 'POST', `/v1/${operation}`, { key, json });
    if (status !== 200) throw new Error(`${operation}: ${text}`);
    return body;
  }

  const taskOf = async (job: string) =>
    (await database.query<{ leaseOwner: string | null; leaseExpiresAt: Date | null; attempts: number; finishedAt: Date | null }>('SELECT * FROM "Task" WHERE "dedupeKey" = $1', [job])).rows[0];
  const statusOf = async (job: string) => (await database.query<{ status: string }>('SELECT status FROM "Job" WHERE id = $1', [job])).rows[0]!.status;

  /** A job of two devices whose updates are all there, and who has taken its aggregation; resolves as soon as somebody has. */
  async function aggregating(value: number, serverFor = (device: number) => device % servers.length): Promise<{ job: string; owner: string }> {
    const { ID: job } = await call('job/create', { project_id: project, experiment_id: experiment, num_devices: 2 });
    for (const [n, { device_api_key }] of devices.entries()) {
      const { model_url } = await call('device/submit_model_update', { project_id: project, job_id: job }, serverFor(n), device_api_key);
      expect((await putRaw(model_url as Ticket, slowModel(value + n))).status).toBe(204);
    }
    // Kept from the look that found it: a moment later the aggregation may be over, and nobody's any more.
    const owner = await eventually('a server aggregates', async () => (await taskOf(job))?.leaseOwner ?? undefined);
    return { job: job as string, owner };
  }

  /** What the rows say, and what there is on the disk. Until a server has both, it is not done with an aggregate. */
  const countModels = async () => {
    const { rows } = await database.query<{ n: number }>('SELECT count(*)::int AS n FROM "StoredModel" WHERE "projectId" = $1', [project]);
    return { inRows: rows[0]!.n, onDisk: (await readdir(path.join(folder, 'blobs', 'models', project))).length };
  };
  const connectionsThatAre = async (state: 'active' | 'idle in transaction') => {
    const { rows } = await database.query<{ n: number }>('SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND state = $1', [state]);
    return rows[0]!.n;
  };

  /** Freezes the server at work in mid-aggregation: nothing is finished nor half handed over. */
  async function frozenInMidAggregation(): Promise<{ job: string; frozen: RunningServer; at: number }> {
    for (let round = 0; round < 10; round++) {
      const { job, owner } = await aggregating(round);
      const frozen = servers[owner === firstOwner ? 0 : 1]!;
      process.kill(frozen.pid, 'SIGSTOP');
      const at = performance.now();
      await eventually('the database has done what it was asked for', async () => (await connectionsThatAre('active')) === 0);
      // In this order: a commit may have been on its way to the database.
      const isBetweenSteps = (await connectionsThatAre('idle in transaction')) === 0 && (await connectionsThatAre('active')) === 0;
      const { inRows, onDisk } = await countModels();
      if (isBetweenSteps && inRows === onDisk && !(await taskOf(job))!.finishedAt) return { job, frozen, at };
      process.kill(frozen.pid, 'SIGCONT');
      await eventually('it completes', async () => (await statusOf(job)) === 'COMPLETED', 120_000);
    }
    throw new Error('no server was frozen while it aggregated');
  }

  const expectOneAggregate = async (job: string) => {
    const { rows } = await database.query('SELECT type FROM "Event" WHERE "jobId" = $1 AND type IN (\'job_completed\', \'current_model_changed\')', [job]);
    expect(rows).toHaveLength(2);
    // A zombie takes back what it has kept once it hears that it came too late.
    await eventually('every blob has its row', async () => {
      const { inRows, onDisk } = await countModels();
      return inRows === onDisk;
    });
  };

  /** Taken over within 30 s, and ended within them but for what an aggregation takes here when nothing happens to it. */
  async function expectTakenOver(job: string, frozenAt: number): Promise<void> {
    await eventually('the other takes it over', async () => (await taskOf(job))!.attempts === 2);
    expect(performance.now() - frozenAt).toBeLessThan(30_000);
    await eventually('the other completes it', async () => (await statusOf(job)) === 'COMPLETED', 120_000);
    expect(performance.now() - frozenAt).toBeLessThan(30_000 + undisturbedMs);
  }

  it('one is frozen in mid-aggregation: the other takes over within 30 s; the zombie wakes and its commit is refused', { timeout: 600_000 }, async () => {
    const { job, frozen, at } = await frozenInMidAggregation();
    await expectTakenOver(job, at);
    expect((await taskOf(job))!.attempts).toBe(2);
    const { rows: [before] } = await database.query('SELECT * FROM "Experiment" WHERE id = $1', [experiment]);
    process.kill(frozen.pid, 'SIGCONT');
    await eventually('it has heard that it is late', () => frozen.output().includes('was taken over by another worker'), 120_000);
    const { rows: [after] } = await database.query('SELECT * FROM "Experiment" WHERE id = $1', [experiment]);
    expect(after).toEqual(before);
    await expectOneAggregate(job);
    expect((await taskOf(job))!.attempts).toBe(2);
  });

  it('one is killed with -9 in mid-aggregation: the other takes over within 30 s, and one aggregate counts', { timeout: 600_000 }, async () => {
    const { job, frozen, at } = await frozenInMidAggregation();
    await frozen.kill();
    servers = servers.filter((server) => server !== frozen);
    await expectTakenOver(job, at);
    await expectOneAggregate(job);
    const { body } = await send(servers[0]!, 'GET', `/v1/job/get/${project}/${job}`, { key: servers[0]!.key });
    expect(Object.keys(body.models)).toHaveLength(2);
  });
});
