import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createDatabase, eventually, startServer, type RunningServer } from '@vergeai/testkit';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { send } from '../support/api.js';
import { measureDelays } from '../support/machine-delays.js';
import { putRaw, type Ticket } from '../support/uploads.js';

/** Text that takes a while to be parsed and averaged. */
const slowModel = (value: number) => `{"w":[${Array.from({ length: 400_000 }, (_, at) => value + at / 7).join()}]}`;

/** Every server looks by itself every 10 s: what is heard earlier was told, however slow the machine is. */
const BEFORE_ANOTHER_LOOK = 8_000;

describe('two servers on one PostgreSQL', () => {
  let folder: string;
  let servers: RunningServer[] = [];
  let database: Client;
  let url: string;
  let project: string;
  let experiment: string;
  let devices: Array<{ device_id: string; device_api_key: string }>;
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
    const job = await aggregating(0);
    const began = performance.now();
    await eventually('it completes', async () => (await statusOf(job)) === 'COMPLETED', 120_000);
    undisturbedMs = performance.now() - began;
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

  /** A job of two devices whose updates are all there; resolves as soon as a server has taken its aggregation. */
  async function aggregating(value: number): Promise<string> {
    const { ID: job } = await call('job/create', { project_id: project, experiment_id: experiment, num_devices: 2 });
    for (const [n, { device_api_key }] of devices.entries()) {
      const { model_url } = await call('device/submit_model_update', { project_id: project, job_id: job }, n % servers.length, device_api_key);
      expect((await putRaw(model_url as Ticket, slowModel(value + n))).status).toBe(204);
    }
    await eventually('a server aggregates', async () => (await taskOf(job))?.leaseOwner);
    return job as string;
  }

  /** What the rows say, and what there is on the disk. Until a server has both, it is not done with an aggregate. */
  const countModels = async () => {
    const { rows } = await database.query<{ n: number }>('SELECT count(*)::int AS n FROM "StoredModel" WHERE "projectId" = $1', [project]);
    return { inRows: rows[0]!.n, onDisk: (await readdir(path.join(folder, 'blobs', 'models', project))).length };
  };
  const isInTransaction = async () => {
    const { rows } = await database.query<{ n: number }>(`SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'`);
    return rows[0]!.n > 0;
  };

  /** Freezes servers in mid-aggregation until it was the one at work: nobody renews the lease, and nothing is finished nor half handed over. */
  async function frozenInMidAggregation(): Promise<{ job: string; frozen: RunningServer; at: number }> {
    for (let round = 0; round < 10; round++) {
      const frozen = servers[round % 2]!;
      const job = await aggregating(round);
      process.kill(frozen.pid, 'SIGSTOP');
      const at = performance.now();
      const { leaseExpiresAt } = (await taskOf(job))!;
      while (performance.now() - at < 5_000 && !(await taskOf(job))!.finishedAt) await pause(20);
      const task = (await taskOf(job))!;
      const { inRows, onDisk } = await countModels();
      if (!task.finishedAt && task.leaseExpiresAt?.getTime() === leaseExpiresAt?.getTime() && inRows === onDisk && !(await isInTransaction())) return { job, frozen, at };
      process.kill(frozen.pid, 'SIGCONT');
      await eventually('it completes', async () => (await statusOf(job)) === 'COMPLETED', 120_000);
    }
    throw new Error('the frozen server was never the one at work');
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

  it('wake each other: a long poll at one is answered within a second of the job that the other creates', async () => {
    const poll = send(servers[0]!, 'GET', `/v1/device/next_job/${project}?wait=30`, { key: devices[0]!.device_api_key });
    const other = send(servers[0]!, 'GET', `/v1/device/next_job/${project}?wait=30`, { key: devices[1]!.device_api_key });
    await pause(500);
    const machine = measureDelays(() => database.query('SELECT 1'));
    const created = performance.now();
    const { ID: job } = await call('job/create', { project_id: project, experiment_id: experiment, num_devices: 2 }, 1);
    expect((await Promise.all([poll, other])).map(({ body }) => body.job_id)).toEqual([job, job]);
    const woken = (performance.now() - created) / 1000;
    expect(woken).toBeLessThan(4 + (await machine.stop()));
    await call('job/cancel', { project_id: project, job_id: job }, 1);
  });

  it('wake each other: the event stream of one tells at once what happened at the other', async () => {
    const leaving = new AbortController();
    const stream = await fetch(`${servers[0]!.url}/v1/experiment/events/${project}/${experiment}`, {
      headers: { Authorization: servers[0]!.key, Accept: 'text/event-stream' },
      signal: leaving.signal,
    });
    const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
    let heard = '';
    const reading = (async () => {
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        heard += value;
      }
    })().catch(() => {});
    await eventually('the past is told', () => heard.includes('experiment_created'));
    const { ID: job } = await call('job/create', { project_id: project, experiment_id: experiment, num_devices: 1 }, 1);
    await eventually('the job is told', () => heard.includes(`"job_id":"${job}"`), BEFORE_ANOTHER_LOOK);
    await call('job/cancel', { project_id: project, job_id: job }, 1);
    await eventually('its end is told', () => heard.includes('job_cancelled'), BEFORE_ANOTHER_LOOK);
    leaving.abort();
    await reading;
  });

  it('one is frozen in mid-aggregation: the other takes over within 30 s; the zombie wakes and its commit is refused', { timeout: 600_000 }, async () => {
    const { job, frozen, at } = await frozenInMidAggregation();
    await expectTakenOver(job, at);
    expect((await taskOf(job))!.attempts).toBe(2);
    const { rows: [before] } = await database.query('SELECT * FROM "Experiment" WHERE id = $1', [experiment]);
    process.kill(frozen.pid, 'SIGCONT');
    await eventually('it answers again', async () => (await fetch(`${frozen.url}/readyz`)).ok);
    // As long as its own aggregation may still take.
    await pause(4_000);
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
