import { eventually } from '@vergeai/testkit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { databases, send, startApi, type DatabaseName, type OtherParts, type TestApi } from '../support/api.js';
import { Gate } from '../support/aggregators.js';
import { testClock } from '../support/clock.js';
import { cancelJob, drawnFor, getJob, jobWith, model, newJob, newTraining, nextJob, submitUpdate } from '../support/training.js';

async function started(database: DatabaseName, parts: OtherParts = {}, env: Record<string, string> = {}): Promise<TestApi> {
  const api = await startApi(database, env, parts);
  onTestFinished(() => api.close());
  return api;
}

/** What a series is told to be; undefined where there is none. */
async function metric(api: TestApi, series: string): Promise<number | undefined> {
  const { text } = await send(api, 'GET', '/metrics');
  const line = text.split('\n').find((each) => each.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

describe.each(databases)('what /metrics tells on %s', (database) => {
  it('which jobs have not ended, and which devices they wait for', async () => {
    const clock = testClock();
    const api = await started(database, { clock });
    const training = await newTraining(api, 3);
    const job = await newJob(api, training, { num_devices: 2, num_buffer_devices: 0 });
    await newJob(api, training, { num_devices: 2, num_buffer_devices: 0 });
    const drawn = drawnFor(training, await getJob(api, training, job));
    await nextJob(api, training, drawn[0]!);
    expect(await metric(api, 'vergeai_jobs{status="IN_PROGRESS"}')).toBe(1);
    expect(await metric(api, 'vergeai_jobs{status="INITIALIZED"}')).toBe(1);
    expect(await metric(api, 'vergeai_job_devices{state="LEASED"}')).toBe(1);
    expect(await metric(api, 'vergeai_job_devices{state="DRAWN"}')).toBe(1);
    expect(await metric(api, 'vergeai_database_up')).toBe(1);

    await cancelJob(api, training, job);
    expect(await metric(api, 'vergeai_jobs_ended_total{how="cancelled"}')).toBe(1);
    // The database is not asked again for five seconds, however often somebody looks.
    expect(await metric(api, 'vergeai_jobs{status="INITIALIZED"}')).toBe(1);
    await clock.advance(5_000);
    expect(await metric(api, 'vergeai_jobs{status="INITIALIZED"}')).toBe(0);
    expect(await metric(api, 'vergeai_job_devices{state="LEASED"}')).toBe(0);
  });

  it('how old the oldest task is that nobody takes, and the bytes of models', async () => {
    const clock = testClock();
    const gate = new Gate();
    const api = await started(database, { clock, change: gate.before });
    gate.shut();
    const training = await newTraining(api, 2);
    const job = await newJob(api, training, { num_devices: 2, num_buffer_devices: 0 });
    for (const device of training.devices) await submitUpdate(api, training, job, device, model(1));
    await eventually('the aggregation to be made', () => gate.arrived === 1);
    expect(await metric(api, 'vergeai_tasks{kind="aggregate",state="running"}')).toBe(1);
    expect(await metric(api, 'vergeai_oldest_due_task_age_seconds')).toBe(0);
    expect(await metric(api, 'vergeai_blob_bytes')).toBeGreaterThan(0);

    await api.ctx.tasks.stop();
    await clock.advance(90_000);
    expect(await metric(api, 'vergeai_tasks{kind="aggregate",state="due"}')).toBe(1);
    expect(await metric(api, 'vergeai_oldest_due_task_age_seconds')).toBeGreaterThanOrEqual(90);
  });

  it('what became of updates, and how long aggregations took and what they read', async () => {
    const api = await started(database);
    const training = await newTraining(api, 2);
    const job = await newJob(api, training, { num_devices: 2, num_buffer_devices: 0 });
    expect((await submitUpdate(api, training, job, training.devices[0]!, { w: [[1]], b: [1] })).status).toBe(422);
    for (const device of training.devices) expect((await submitUpdate(api, training, job, device, model(1))).status).toBe(204);
    await jobWith(api, training, job, 'COMPLETED');
    expect(await metric(api, 'vergeai_updates_total{outcome="accepted"}')).toBe(2);
    expect(await metric(api, 'vergeai_updates_total{outcome="invalid_model"}')).toBe(1);
    expect(await metric(api, 'vergeai_aggregation_duration_seconds_count{outcome="made"}')).toBe(1);
    expect(await metric(api, 'vergeai_aggregation_bytes_total')).toBe(2 * JSON.stringify(model(1)).length);
    expect(await metric(api, 'vergeai_jobs_ended_total{how="completed"}')).toBe(1);
    expect(await metric(api, 'vergeai_jobs_ended_total{how="failed"}')).toBe(0);
    const commits = await metric(api, 'vergeai_commit_transactions_count');
    if (database === 'sqlite') expect(commits).toBeGreaterThan(5);
    else expect(commits).toBe(0);
  });

  it('which devices wait for a job', async () => {
    const api = await started(database);
    const training = await newTraining(api, 1);
    const waits = nextJob(api, training, training.devices[0]!, 50);
    await eventually('the device to wait', async () => (await metric(api, 'vergeai_waiting_devices')) === 1);
    await newJob(api, training, { num_devices: 1, num_buffer_devices: 0 });
    expect((await waits).status).toBe(200);
    expect(await metric(api, 'vergeai_waiting_devices')).toBe(0);
  });

  it('by which code requests were refused, and how much room the disk has', async () => {
    const api = await started(database, {}, { MIN_FREE_BYTES: '12345' });
    await send(api, 'GET', '/v1/project/list', { key: 'nobody' });
    expect(await metric(api, 'vergeai_refusals_total{operation="project.list",code="key_invalid"}')).toBe(1);
    expect(await metric(api, 'vergeai_disk_floor_bytes')).toBe(12345);
    for (const folder of ['data', 'models']) expect(await metric(api, `vergeai_disk_free_bytes{folder="${folder}"}`)).toBeGreaterThan(0);
  });

  it('that the database does not answer, and nothing that it would have to be asked for', async () => {
    let isAway = true;
    const api = await started(database, {
      clock: testClock(),
      change: (ctx) => ({
        ...ctx,
        db: { ...ctx.db, hot: { ...ctx.db.hot, all: (...args: Parameters<typeof ctx.db.hot.all>) => (isAway ? Promise.reject(new Error('away')) : ctx.db.hot.all(...args)) } as typeof ctx.db.hot },
      }),
    });
    expect(await metric(api, 'vergeai_database_up')).toBe(0);
    expect(await metric(api, 'vergeai_jobs{status="IN_PROGRESS"}')).toBeUndefined();
    expect(await metric(api, 'vergeai_blob_bytes')).toBeUndefined();
    expect(await metric(api, 'vergeai_disk_free_bytes{folder="data"}')).toBeGreaterThan(0);
    isAway = false;
  });
});
