import type { HotStatement } from '@vergeai/db';
import { appendFile, readdir, truncate } from 'node:fs/promises';
import path from 'node:path';
import { eventually } from '@vergeai/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createAggregator } from '../../src/models/aggregate/aggregate-in-threads.js';
import type { Context } from '../../src/context.js';
import { EmbeddedTaskQueue } from '../../src/tasks/embedded-task-queue.js';
import { taskHandlers } from '../../src/upkeep/task-handlers.js';
import { Gate } from '../support/aggregators.js';
import { databases, newExperiment, send, startApi, type TestApi } from '../support/api.js';
import { testClock } from '../support/clock.js';
import { allFaults } from '../support/experiment-log.js';
import { snapshot } from '../support/rows.js';
import {
  aggregateOf,
  cancelJob,
  createJob,
  deleteDevice,
  download,
  drawnFor,
  eventsOf,
  getExperiment,
  getJob,
  heartbeat,
  isActive,
  jobWith,
  model,
  newDevice,
  newJob,
  newTraining,
  nextJob,
  reportFailure,
  submitUpdate,
  updateTicket,
  uploadUpdate,
  type TestDevice,
  type Training,
} from '../support/training.js';
import { expectProblem, openRequest, postForm, putRaw, putUrl, type Ticket } from '../support/uploads.js';
import { writeLastUsed } from '../../src/upkeep/write-last-used.js';

const deadline = (seconds: number) => ({ termination_criteria: [{ type: 'DurationTerminationCriteria', max_duration_sec: seconds }] });
const ROUNDS = Number(process.env['RACE_ROUNDS'] ?? 25);

/** Faults that were seen in an earlier implementation of this API, by their numbers in the project's documents. */
describe.each(databases)('must never come back on %s', (database) => {
  let api: TestApi;
  const gate = new Gate();
  const clock = testClock();
  let failNextTransaction: ((model: string, operation: string) => boolean) | undefined;
  beforeAll(async () => {
    api = await startApi(database, { LOG_LEVEL: 'silent' }, { clock, change: (ctx) => breakable(withSlowChecks(gate.before(ctx))) });
  });
  afterEach(async () => {
    failNextTransaction = undefined;
    whileChecked = undefined;
    gate.open();
    // What a test has left to the gate would else come through in the middle of the next one.
    await eventually('nothing is under way', async () => (await api.ctx.db.prisma.task.count({ where: { finishedAt: null, runAt: { lte: clock.now() } } })) === 0);
    expect(await allFaults(api)).toEqual([]);
  });
  afterAll(() => api.close());

  let whileChecked: (() => Promise<unknown>) | undefined;

  /** Something may happen between the check of a model and the transaction that registers it. */
  function withSlowChecks(ctx: Context): Context {
    const inspect: Context['models']['inspect'] = async (...args) => {
      const inspected = await ctx.models.inspect(...args);
      await whileChecked?.();
      return inspected;
    };
    const compare: Context['models']['compare'] = async (...args) => {
      await ctx.models.compare(...args);
      await whileChecked?.();
    };
    return { ...ctx, models: { inspect, compare, close: () => ctx.models.close() } };
  }

  /** Every write inside a transaction asks first whether it is to fail. */
  function breakable(ctx: Context): Context {
    const prisma = ctx.db.prisma.$extends({
      query: {
        $allModels: {
          $allOperations: ({ model: table, operation, args, query }) => {
            if (failNextTransaction?.(table, operation)) throw new Error('broken by the test');
            return query(args);
          },
        },
      },
    }) as unknown as Context['db']['prisma'];
    const { write, run } = ctx.db;
    return { ...ctx, db: { ...ctx.db, prisma, write: (statements) => write(statements.map(orBroken)), run: (tx, statement) => run(tx, orBroken(statement)) } };
  }

  /** Half-way for the database itself: what stands before it has been written, and has to be undone. */
  function orBroken(statement: HotStatement): HotStatement {
    const [, verb, table] = /^(insert into|update|delete from) "(\w+)"/i.exec(statement.sql)!;
    const operation = { insert: 'create', update: 'update', delete: 'delete' }[verb!.split(' ')[0]!.toLowerCase() as 'insert' | 'update' | 'delete'];
    return failNextTransaction?.(table!, operation) ? { sql: 'UPDATE "broken by the test" SET "nothing" = 1', params: [] } : statement;
  }

  const tasksOf = (job: string) => api.ctx.db.prisma.task.findMany({ where: { dedupeKey: job } });

  it('1: a device that is registered while experiments are created vanishes, or they do', async () => {
    const { project } = await newTraining(api, 0);
    const [devices, experiments] = await Promise.all([
      Promise.all(Array.from({ length: 20 }, () => newDevice(api, project))),
      Promise.all(Array.from({ length: 20 }, () => newExperiment(api, project))),
    ]);
    const { body } = await send(api, 'GET', `/v1/project/get/${project}`, { key: api.adminKey });
    expect(Object.keys(body.devices).sort()).toEqual(devices.map(({ id }) => id).sort());
    expect(Object.keys(body.experiments)).toEqual(expect.arrayContaining(experiments));
    for (const { key } of devices) expect((await send(api, 'GET', `/v1/device/next_job/${project}`, { key })).status).toBe(204);
  });

  it(`2: of two last updates that arrive together one is lost, or aggregation starts twice (${ROUNDS} rounds)`, async () => {
    const training = await newTraining(api, 2);
    for (let round = 0; round < ROUNDS; round++) {
      const job = await newJob(api, training, { num_devices: 2 });
      const replies = await Promise.all(training.devices.map((device, n) => submitUpdate(api, training, job, device, model(round + n))));
      expect(replies.map(({ status }) => status)).toEqual([204, 204]);
      await jobWith(api, training, job, 'COMPLETED');
      expect(await tasksOf(job)).toHaveLength(1);
    }
    const types = (await api.ctx.db.prisma.event.findMany({ where: { experimentId: training.experiment } })).map(({ type }) => type);
    expect(types.filter((type) => type === 'job_completed')).toHaveLength(ROUNDS);
    expect(types.filter((type) => type === 'current_model_changed')).toHaveLength(ROUNDS);
  });

  it('2: more devices than are needed arrive together: the first num_devices count, the others hear that the job is closed', async () => {
    const training = await newTraining(api, 6);
    const job = await newJob(api, training, { num_devices: 3, num_buffer_devices: 3 });
    const replies = await Promise.all(training.devices.map((device, n) => submitUpdate(api, training, job, device, model(n))));
    expect(replies.map(({ status }) => status).sort()).toEqual([204, 204, 204, 409, 409, 409]);
    for (const { status, body } of replies) if (status === 409) expect(body.code).toBe('job_closed');
    expect(Object.keys((await jobWith(api, training, job, 'COMPLETED')).models)).toHaveLength(3);
  });

  it.each([
    ['inline', async (training: Training, job: string, device: TestDevice) => submitUpdate(api, training, job, device, model(1))],
    ['by ticket', async (training: Training, job: string, device: TestDevice) => uploadUpdate(api, training, job, device, JSON.stringify(model(1)))],
  ])('3: the same upload twice, %s, one after the other and both at once, advances the experiment twice', async (_way, upload) => {
    const training = await newTraining(api, 1);
    const [device] = training.devices;
    const job = await newJob(api, training);
    const next = await newJob(api, training);
    const together = await Promise.all([upload(training, job, device!), upload(training, job, device!), upload(training, job, device!)].map((reply) => reply.catch((error: Error) => error)));
    for (const reply of together) {
      // Who asks for a ticket once the device has submitted and the job is closed gets one, and the same answer.
      expect(reply).toMatchObject({ status: 204 });
    }
    await jobWith(api, training, job, 'COMPLETED');
    expect((await upload(training, job, device!)).status).toBe(204);
    expect(await tasksOf(job)).toHaveLength(1);
    expect(await getExperiment(api, training)).toMatchObject({ jobs: [job, next], current_job: next });
    expect((await getJob(api, training, next)).status).toBe('IN_PROGRESS');
    const submitted = (await eventsOf(api, training)).filter(({ type }) => type === 'model_update_submitted');
    expect(submitted).toHaveLength(1);
  });

  it('3: one ticket used twice at once registers two updates', async () => {
    const training = await newTraining(api, 1);
    const job = await newJob(api, training);
    const ticket = await updateTicket(api, training, job, training.devices[0]!);
    const bytes = JSON.stringify(model(1));
    const replies = await Promise.all([postForm(ticket, bytes), putRaw(ticket, bytes), putRaw(ticket, bytes)]);
    expect(replies.filter(({ status }) => status === 204).length).toBeGreaterThanOrEqual(1);
    for (const { status, body } of replies) if (status !== 204) expect(body.code).toBe('ticket_used');
    await jobWith(api, training, job, 'COMPLETED');
    expect(await api.ctx.db.prisma.jobUpdate.count({ where: { jobId: job } })).toBe(1);
  });

  it('3: an aggregation that is handled twice advances the experiment twice', async () => {
    const training = await newTraining(api, 1);
    const [first, second] = [await newJob(api, training), await newJob(api, training)];
    await submitUpdate(api, training, first, training.devices[0]!, model(1));
    await jobWith(api, training, first, 'COMPLETED');
    // As if the queue had lost track of it.
    await api.ctx.db.prisma.task.updateMany({ where: { dedupeKey: first }, data: { finishedAt: null, leaseOwner: null, leaseExpiresAt: null } });
    api.ctx.signals.publish([{ about: 'tasks' }]);
    await eventually('it has been handled again', async () => (await tasksOf(first)).every(({ finishedAt }) => finishedAt));
    expect((await getJob(api, training, second)).status).toBe('IN_PROGRESS');
    expect((await eventsOf(api, training)).filter(({ type }) => type === 'current_model_changed')).toHaveLength(1);
  });

  it('4: cancelling twice, or cancelling a queued job, skips or disturbs the running one', async () => {
    const training = await newTraining(api, 1);
    const [running, queued, last] = [await newJob(api, training), await newJob(api, training), await newJob(api, training)];
    expect((await cancelJob(api, training, queued)).status).toBe(200);
    expect((await cancelJob(api, training, queued)).status).toBe(200);
    expect((await getJob(api, training, running)).status).toBe('IN_PROGRESS');
    expect((await getExperiment(api, training)).current_job).toBe(running);
    const replies = await Promise.all([cancelJob(api, training, running), cancelJob(api, training, running), cancelJob(api, training, running)]);
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await getJob(api, training, last)).status).toBe('IN_PROGRESS');
    expect(await getExperiment(api, training)).toMatchObject({ current_job: last, is_active: true });
    expect((await eventsOf(api, training)).filter(({ type }) => type === 'job_cancelled')).toHaveLength(2);
  });

  it('5: cancelled during aggregation; the late aggregate turns CANCELLED into COMPLETED and the model jumps', async () => {
    const training = await newTraining(api, 1);
    const [job, next] = [await newJob(api, training), await newJob(api, training)];
    gate.shut();
    const arrived = gate.arrived;
    await submitUpdate(api, training, job, training.devices[0]!, model(7));
    await eventually('the aggregate is made', () => gate.arrived > arrived);
    expect((await cancelJob(api, training, job)).status).toBe(200);
    const before = await getExperiment(api, training);
    gate.open();
    await eventually('the late aggregate was refused', async () => (await tasksOf(job)).every(({ finishedAt }) => finishedAt));
    expect(await getJob(api, training, job)).toMatchObject({ status: 'CANCELLED', aggregate_model: {} });
    expect(await getExperiment(api, training)).toEqual(before);
    expect(before.current_model).toEqual(before.start_model);
    expect(await getJob(api, training, next)).toMatchObject({ status: 'IN_PROGRESS', start_model: before.start_model });
    // And nothing of it stays on the disk: the start model and the update, no more.
    expect(await readdir(path.join(api.dataDir, 'blobs', 'models', training.project))).toHaveLength(2);
  });

  it('6: a GET changes state', async () => {
    const training = await newTraining(api, 2);
    const job = await newJob(api, training, deadline(1));
    const done = await newJob(api, training);
    await submitUpdate(api, training, job, drawnFor(training, await getJob(api, training, job))[0]!, model(1));
    await jobWith(api, training, job, 'COMPLETED');
    const [device] = drawnFor(training, await getJob(api, training, done));
    await writeLastUsed(api.ctx, api.lastUsed);
    await clock.advance(3_600_000);
    const before = await snapshot(api);
    const { project, experiment } = training;
    for (const read of [
      `/v1/job/get/${project}/${job}`,
      `/v1/job/get/${project}/${done}`,
      `/v1/job/start_model/${project}/${job}`,
      `/v1/job/aggregate_model/${project}/${job}`,
      `/v1/job/list/${project}/${experiment}`,
      `/v1/experiment/get/${project}/${experiment}`,
      `/v1/experiment/describe/${project}/${experiment}`,
      `/v1/experiment/events/${project}/${experiment}`,
      `/v1/experiment/metrics/${project}/${experiment}`,
      `/v1/experiment/current_model/${project}/${experiment}`,
      `/v1/project/get/${project}`,
      `/v1/project/active_jobs/${project}`,
      `/v1/device/list/${project}`,
      `/v1/device/is_active/${project}/${done}/${device!.id}`,
    ]) {
      expect((await send(api, 'GET', read, { key: api.adminKey })).status, read).toBe(200);
    }
    expect(await snapshot(api)).toEqual(before);
  });

  it('8: a write that fails half-way leaves an orphan job, a broken chain or bytes that belong to nobody', async () => {
    const operations: Array<[what: string, act: (training: Training, job: string) => Promise<unknown>]> = [
      ['job/create', (training) => createJob(api, training)],
      ['job/cancel', (training, job) => cancelJob(api, training, job)],
      ['device/report_failure', (training, job) => reportFailure(api, training, job, training.devices[0]!)],
      ['device/delete', (training) => deleteDevice(api, training, training.devices[0]!)],
      ['submit_model_update', (training, job) => submitUpdate(api, training, job, training.devices[0]!, model(1))],
    ];
    for (const [what, act] of operations) {
      const training = await newTraining(api, 1);
      const job = await newJob(api, training);
      await newJob(api, training);
      const before = await snapshot(api);
      // Fails at the first write, then at the second, … until there is none left to fail.
      let failedAt = 0;
      for (let failAt = 1; ; failAt++) {
        let writes = 0;
        let failed = false;
        failNextTransaction = (table, operation) => {
          // What keeps the answer to the last write of all is not known here, and need not be.
          if (!/^(create|update|delete)/.test(operation) || table === 'Task' && operation !== 'create') return false;
          failed ||= ++writes === failAt;
          return failed;
        };
        const reply = (await act(training, job)) as { status: number };
        failNextTransaction = undefined;
        if (!failed) {
          expect([200, 204], what).toContain(reply.status);
          break;
        }
        expect(reply.status, what).toBe(500);
        expect(await snapshot(api), `${what}, write ${failAt}`).toEqual(before);
        failedAt = failAt;
      }
      expect(failedAt, what).toBeGreaterThan(2);
    }
  });

  it('9: a dead aggregator leaves AGGREGATION_IN_PROGRESS for ever', async () => {
    const training = await newTraining(api, 1);
    const job = await newJob(api, training);
    const next = await newJob(api, training);
    gate.shut();
    const arrived = gate.arrived;
    await submitUpdate(api, training, job, training.devices[0]!, model(3));
    await eventually('one aggregates', () => gate.arrived > arrived);
    // It does not answer any more, and so its lease runs out; another takes over.
    const other = new EmbeddedTaskQueue(api.ctx, 1);
    const aggregator = createAggregator(1);
    await other.start(taskHandlers({ ...api.ctx, aggregator }));
    await eventually('the other has taken over', async () => {
      // Its own queue lives and renews the lease: until the other is quicker after a sleep.
      await clock.suspend(31_000);
      return (await tasksOf(job))[0]!.attempts > 1;
    });
    const done = await jobWith(api, training, job, 'COMPLETED');
    await other.stop();
    await aggregator.close();
    gate.open();
    await eventually('the first has heard that it is late', async () => (await tasksOf(job)).every(({ finishedAt }) => finishedAt));
    expect(await getJob(api, training, job)).toEqual(done);
    expect((await getJob(api, training, next)).status).toBe('IN_PROGRESS');
    expect((await eventsOf(api, training)).filter(({ type }) => type === 'job_completed')).toHaveLength(1);
  });

  describe('10: the right to upload is checked only when the ticket is issued:', () => {
    type Case = [what: string, change: (training: Training, job: string, device: TestDevice) => Promise<unknown>, status: number, code: string];
    const cases: Case[] = [
      ['the job is cancelled', (training, job) => cancelJob(api, training, job), 409, 'job_closed'],
      ['the device is deleted, and its key with it', (training, _job, device) => deleteDevice(api, training, device), 401, 'key_invalid'],
      ['another device has taken its place', (training, job, device) => reportFailure(api, training, job, device), 403, 'device_not_drawn'],
      ['the job is closed', (training, job, device) => submitUpdate(api, training, job, training.devices.find((other) => other !== device)!, model(9)), 409, 'job_closed'],
    ];

    /** A job for one device with a buffer, where the upload is to come from the first that was drawn. */
    async function drawn() {
      const training = await newTraining(api, 3);
      const job = await newJob(api, training, { num_devices: 1, num_buffer_devices: 1 });
      const devices = drawnFor(training, await getJob(api, training, job));
      const [device, buffer] = devices;
      return { training: { ...training, devices: [device!, buffer!] }, job, device: device! };
    }

    const bytes = Buffer.from(JSON.stringify(model(1)));

    it.each(cases)('%s after the ticket was issued', async (_what, change, status, code) => {
      const { training, job, device } = await drawn();
      const ticket = await updateTicket(api, training, job, device);
      await change(training, job, device);
      expectProblem(await putRaw(ticket, bytes), status, code);
      expect((await api.ctx.db.prisma.jobUpdate.findMany({ where: { jobId: job, deviceId: device.id } }))).toEqual([]);
    });

    it.each(cases)('%s while the bytes are on their way', async (_what, change, status, code) => {
      const { training, job, device } = await drawn();
      const ticket: Ticket = await updateTicket(api, training, job, device);
      const { req, reply } = openRequest(putUrl(ticket), 'PUT', { 'Content-Type': 'application/json', 'Content-Length': bytes.length });
      req.write(bytes.subarray(0, 10));
      await eventually('it is being taken in', async () => (await stagedBytes()) >= 1);
      await change(training, job, device);
      req.end(bytes.subarray(10));
      expectProblem(await reply, status, code);
      expect(await api.ctx.db.prisma.jobUpdate.count({ where: { jobId: job, deviceId: device.id } })).toBe(0);
      await eventually('nothing is left of it', async () => (await stagedBytes()) === 0);
    });

    it.each(cases.filter(([what]) => !what.includes('deleted')))('%s while an inline update is on its way', async (_what, change, status, code) => {
      const { training, job, device } = await drawn();
      const body = Buffer.from(JSON.stringify({ project_id: training.project, job_id: job, model: model(1) }));
      const { req, reply } = openRequest(`${api.url}/v1/device/submit_model_update`, 'POST', {
        Authorization: device.key,
        'Content-Type': 'application/json',
        'Content-Length': body.length,
      });
      req.write(body.subarray(0, body.length - 5));
      await eventually('it is being taken in', async () => (await stagedBytes()) >= 1);
      await change(training, job, device);
      req.end(body.subarray(body.length - 5));
      expectProblem(await reply, status, code);
    });

    it.each(cases)('%s in the moment between the check of the model and its registration', async (what, change, status, code) => {
      const { training, job, device } = await drawn();
      const files = () => readdir(path.join(api.dataDir, 'blobs', 'models', training.project));
      const ticket = await updateTicket(api, training, job, device);
      let kept: string[] = [];
      whileChecked = async () => {
        whileChecked = undefined;
        await change(training, job, device);
        await eventually('the change has come to its end', async () => (await getJob(api, training, job)).status !== 'AGGREGATION_IN_PROGRESS');
        kept = await files();
      };
      const reply = await putRaw(ticket, bytes);
      // By then the key has been checked; what went with the device is its place in the job.
      if (what.includes('deleted')) expectProblem(reply, 403, 'device_not_drawn');
      else expectProblem(reply, status, code);
      expect(await api.ctx.db.prisma.jobUpdate.count({ where: { jobId: job, deviceId: device.id } })).toBe(0);
      expect(await files()).toEqual(kept);
    });

    it('the device is deleted while an inline update is on its way', async () => {
      const { training, job, device } = await drawn();
      const body = Buffer.from(JSON.stringify({ project_id: training.project, job_id: job, model: model(1) }));
      const headers = { Authorization: device.key, 'Content-Type': 'application/json', 'Content-Length': body.length };
      const { req, reply } = openRequest(`${api.url}/v1/device/submit_model_update`, 'POST', headers);
      req.write(body.subarray(0, body.length - 5));
      await eventually('it is being taken in', async () => (await stagedBytes()) >= 1);
      await deleteDevice(api, training, device);
      req.end(body.subarray(body.length - 5));
      expect([401, 403]).toContain((await reply).status);
      expect(await api.ctx.db.prisma.jobUpdate.count({ where: { jobId: job, deviceId: device.id } })).toBe(0);
    });

    it('a device that was never drawn gets no ticket and is refused inline', async () => {
      const { training, job } = await drawn();
      const stranger = await newDevice(api, training.project);
      expectProblem(await submitUpdate(api, training, job, stranger, model(1)), 403, 'device_not_drawn');
      expectProblem(await submitUpdate(api, training, job, stranger, undefined), 403, 'device_not_drawn');
    });

    it("a device of another project is told that there is no such project, and another device's id is refused", async () => {
      const { training, job, device } = await drawn();
      const { devices: [elsewhere] } = await newTraining(api, 1);
      expectProblem(await submitUpdate(api, training, job, elsewhere!, model(1)), 404, 'project_not_found');
      expectProblem(await submitUpdate(api, training, job, device, model(1), { device_id: training.devices[1]!.id }), 403, 'permission_denied');
    });

    it('a ticket of one device with the key name of another', async () => {
      const { training, job, device } = await drawn();
      const [mine, theirs] = [await updateTicket(api, training, job, device), await updateTicket(api, training, job, training.devices[1]!)];
      expectProblem(await putRaw({ ...mine, fields: { ...mine.fields, key: theirs.fields['key']! } }, bytes), 403, 'ticket_invalid');
    });

    const stagedBytes = async () => {
      const root = path.join(api.dataDir, 'blobs', 'staging');
      const folders = (await readdir(root, { withFileTypes: true })).filter((entry) => entry.isDirectory());
      return (await Promise.all(folders.map(({ name }) => readdir(path.join(root, name))))).flat().length;
    };
  });

  it('11: is_active says true while submitting is refused, in any state of job and device', async () => {
    // Whoever gets a ticket is seen to upload; that is all it changes.
    const withoutUploads = (state: object) => JSON.stringify(state).replaceAll(/(uploadingAt\\":)(\\"[^"\\]+\\"|null)/g, '$1');
    const agree = async (training: Training, job: string, device: TestDevice) => {
      const active = await isActive(api, training, job, device);
      const before = await snapshot(api);
      // Asking for a ticket is submitting without the bytes.
      const asked = await submitUpdate(api, training, job, device, undefined);
      const after = await snapshot(api);
      if (asked.status === 200) expect(withoutUploads(after)).toBe(withoutUploads(before));
      else expect(after).toEqual(before);
      return [active, asked.status === 200, asked.body.code as string | undefined];
    };
    const training = await newTraining(api, 4);
    const job = await newJob(api, training, { num_devices: 2, num_buffer_devices: 1 });
    const queued = await newJob(api, training, { num_devices: 4 });
    const [one, two, buffer] = drawnFor(training, await getJob(api, training, job));
    const other = training.devices.find((device) => ![one, two, buffer].includes(device))!;
    expect(await agree(training, job, one!)).toEqual([true, true, undefined]);
    expect(await agree(training, job, other)).toEqual([false, false, 'device_not_drawn']);
    expect(await agree(training, queued, one!)).toEqual([false, false, 'job_not_started']);
    await nextJob(api, training, one!);
    expect(await agree(training, job, one!)).toEqual([true, true, undefined]);
    await reportFailure(api, training, job, buffer!);
    expect(await agree(training, job, buffer!)).toEqual([false, false, 'device_not_drawn']);
    expect(await agree(training, job, other)).toEqual([true, true, undefined]);
    await submitUpdate(api, training, job, one!, model(1));
    // Who has submitted is not active, and may send the same bytes again, but no other.
    expect(await isActive(api, training, job, one!)).toBe(false);
    expect((await submitUpdate(api, training, job, one!, model(1))).status).toBe(204);
    expectProblem(await submitUpdate(api, training, job, one!, model(2)), 409, 'update_already_submitted');
    gate.shut();
    const arrived = gate.arrived;
    await submitUpdate(api, training, job, two!, model(1));
    await eventually('the aggregate is made', () => gate.arrived > arrived);
    await jobWith(api, training, job, 'AGGREGATION_IN_PROGRESS');
    expect(await agree(training, job, other)).toEqual([false, false, 'job_closed']);
    gate.open();
    await jobWith(api, training, job, 'COMPLETED');
    expect(await agree(training, job, other)).toEqual([false, false, 'job_closed']);
    await cancelJob(api, training, queued);
    expect(await agree(training, queued, one!)).toEqual([false, false, 'job_closed']);
  });

  it('13: an update that was changed on the disk goes into an aggregate: it never does, and after five attempts the job has failed with a reason', async () => {
    const training = await newTraining(api, 2);
    const job = await newJob(api, training, { num_devices: 2 });
    const next = await newJob(api, training);
    await submitUpdate(api, training, job, training.devices[0]!, model(1));
    const { blobKey, sha256 } = await api.ctx.db.prisma.storedModel.findFirstOrThrow({ where: { jobId: job, kind: 'UPDATE' } });
    await appendFile((await api.ctx.storage.borrow(blobKey, sha256)).path, ' ');
    await submitUpdate(api, training, job, training.devices[1]!, model(2));
    for (let attempt = 1; attempt <= 5; attempt++) {
      await eventually(`attempt ${attempt} has failed`, async () => {
        const [task] = await tasksOf(job);
        return task!.attempts >= attempt && task!.leaseOwner === null;
      });
      const [task] = await tasksOf(job);
      if (attempt < 5) expect(task!.lastError).toMatch(/no longer has the bytes/);
      expect((await getJob(api, training, job)).status).toBe(attempt < 5 ? 'AGGREGATION_IN_PROGRESS' : 'FAILED');
      await clock.advance(attempt ** 2 * 1000);
    }
    const { body } = await send(api, 'GET', `/v1/experiment/describe/${training.project}/${training.experiment}`, { key: api.adminKey });
    expect(body.jobs.data.find(({ job_id }: { job_id: string }) => job_id === job)).toMatchObject({ status: 'FAILED', reason: 'aggregation failed 5 times', aggregate_model: null });
    expect((await getJob(api, training, next)).status).toBe('IN_PROGRESS');
    const staging = path.join(api.dataDir, 'blobs', 'staging');
    const [folder] = (await readdir(staging, { withFileTypes: true })).filter((entry) => entry.isDirectory());
    expect(await readdir(path.join(staging, folder!.name)), 'half-made aggregates').toEqual([]);
  });

  it('13: an update that was cut short on the disk goes into an aggregate', async () => {
    const training = await newTraining(api, 1);
    const job = await newJob(api, training);
    gate.shut();
    await submitUpdate(api, training, job, training.devices[0]!, model(1));
    await cancelJob(api, training, job);
    gate.open();
    const again = await newJob(api, training, {});
    const ctx = api.ctx;
    await ctx.tasks.stop();
    await submitUpdate(api, training, again, training.devices[0]!, model(1));
    const { blobKey, sha256 } = await ctx.db.prisma.storedModel.findFirstOrThrow({ where: { jobId: again, kind: 'UPDATE' } });
    await truncate((await ctx.storage.borrow(blobKey, sha256)).path, 3);
    await ctx.tasks.start(taskHandlers(ctx));
    await eventually('it was tried', async () => (await tasksOf(again))[0]!.lastError !== null);
    expect((await getJob(api, training, again)).status).toBe('AGGREGATION_IN_PROGRESS');
    await cancelJob(api, training, again);
  });

  it.each([
    { num_devices: 0 },
    { num_devices: -1 },
    { num_devices: true },
    { num_devices: 1.5 },
    { num_devices: '1' },
    { num_devices: null },
    { num_devices: [] },
    { num_devices: 1e9 },
    { num_devices: Number.MAX_SAFE_INTEGER + 1 },
    { num_buffer_devices: -1 },
    { num_buffer_devices: '0' },
    { num_buffer_devices: 0.5 },
    { num_buffer_devices: true },
    { device_selection_strategy: 'BEST' },
    { device_selection_strategy: null },
    { termination_criteria: {} },
    { termination_criteria: null },
    { termination_criteria: [null] },
    { termination_criteria: [{}] },
    { termination_criteria: [{ type: 'DurationTerminationCriteria' }] },
    { termination_criteria: [{ max_duration_sec: 1 }] },
    { termination_criteria: [{ type: 'OtherCriteria', max_duration_sec: 1 }] },
    ...[0, -1, '1', true, null, 1e300].map((max_duration_sec) => ({ termination_criteria: [{ type: 'DurationTerminationCriteria', max_duration_sec }] })),
    { unknown: 1 },
  ])('14: job/create takes %j, or answers with internals', async (more) => {
    const training = await newTraining(api, 2);
    const reply = await createJob(api, training, more);
    expectProblem(reply, 400, 'invalid_request');
    expect(reply.body.errors[0].path).toBe(`/body${Object.keys(more)[0] === 'unknown' ? '' : `/${Object.keys(more)[0]}`}${/termination/.test(Object.keys(more)[0]!) ? reply.body.errors[0].path.slice('/body/termination_criteria'.length) : ''}`);
    expect(await getExperiment(api, training)).toMatchObject({ jobs: [], current_job: 'NONE' });
  });

  it.each(['NaN', '-0.5', '1e400', '01', '.5'])('14: max_duration_sec of %s is taken, or crashes', async (number) => {
    const { project, experiment } = await newTraining(api, 1);
    const reply = await send(api, 'POST', '/v1/job/create', {
      key: api.adminKey,
      body: `{"project_id":"${project}","experiment_id":"${experiment}","num_devices":1,"termination_criteria":[{"type":"DurationTerminationCriteria","max_duration_sec":${number}}]}`,
      headers: { 'Content-Type': 'application/json' },
    });
    expect(reply.status).toBe(400);
    expect(['invalid_json', 'invalid_request']).toContain(reply.body.code);
  });

  it('15: an unknown experiment, job or device is a 5xx', async () => {
    const training = await newTraining(api, 1);
    const job = await newJob(api, training);
    const none = 'f'.repeat(32);
    const key = api.adminKey;
    const { project, experiment, devices: [device] } = training;
    const replies = await Promise.all([
      createJob(api, { ...training, experiment: none }),
      cancelJob(api, training, none),
      send(api, 'POST', '/v1/job/retry', { key, json: { project_id: project, job_id: none } }),
      send(api, 'GET', `/v1/job/get/${project}/${none}`, { key }),
      send(api, 'GET', `/v1/job/start_model/${project}/${none}`, { key }),
      send(api, 'GET', `/v1/job/aggregate_model/${project}/${none}`, { key }),
      send(api, 'GET', `/v1/job/list/${project}/${none}`, { key }),
      send(api, 'GET', `/v1/experiment/metrics/${project}/${none}`, { key }),
      send(api, 'POST', '/v1/experiment/fork', { key, json: { project_id: project, experiment_id: none } }),
      send(api, 'POST', '/v1/experiment/fork', { key, json: { project_id: project, experiment_id: experiment, from: none } }),
      send(api, 'GET', `/v1/device/is_active/${project}/${none}/${device!.id}`, { key }),
      send(api, 'POST', '/v1/device/delete', { key, json: { project_id: project, device_id: none } }),
      submitUpdate(api, training, none, device!, model(1)),
      heartbeat(api, training, none, device!),
      reportFailure(api, training, none, device!),
    ]);
    for (const { status, body } of replies) expect([status, body.code], JSON.stringify(body)).toEqual([404, expect.stringMatching(/^(experiment|job|device)_not_found$/)]);
    expect((await getJob(api, training, job)).status).toBe('IN_PROGRESS');
  });

  describe('12:', () => {
    it('an unweighted mean', async () => {
      const training = await newTraining(api, 3);
      const job = await newJob(api, training, { num_devices: 3 });
      for (const [n, device] of training.devices.entries()) await submitUpdate(api, training, job, device, model(n), { num_examples: [6, 3, 1][n] });
      await jobWith(api, training, job, 'COMPLETED');
      expect(JSON.parse((await aggregateOf(api, training, job)).toString()).b[0]).toBeCloseTo(0.5, 12);
      expect(await download(api, `/v1/job/aggregate_model/${training.project}/${job}`, api.adminKey)).not.toContain('"b":[1]');
    });

    it.each([
      ['mismatched shapes are broadcast', { w: [[1, 1]], b: [1, 1] }, '/model/b'],
      ['a flattened tensor passes', { w: [1, 1], b: [1] }, '/model/w'],
      ['an extra tensor is dropped', { w: [[1, 1]], b: [1], c: [1] }, '/model/c'],
      ['a missing tensor passes', { w: [[1, 1]] }, '/model/b'],
    ])('%s', async (_what, update, pointer) => {
      const training = await newTraining(api, 1);
      const job = await newJob(api, training);
      const reply = await submitUpdate(api, training, job, training.devices[0]!, update);
      expectProblem(reply, 422, 'invalid_model');
      expect(reply.body.errors[0].path).toBe(pointer);
      expect(await isActive(api, training, job, training.devices[0]!)).toBe(true);
      expect((await submitUpdate(api, training, job, training.devices[0]!, model(1))).status).toBe(204);
      await jobWith(api, training, job, 'COMPLETED');
    });
  });
});

describe.each(databases)('7: deadlines on %s', (database) => {
  let api: TestApi;
  const clock = testClock();
  beforeAll(async () => {
    api = await startApi(database, {}, { clock, background: true });
  });
  afterAll(() => api.close());

  it('fire by themselves, at most 2 s late, with nobody reading; a queued job does not expire, its clock starts when it does', async () => {
    const training = await newTraining(api, 1);
    const first = await newJob(api, training, deadline(4));
    const queued = await newJob(api, training, deadline(1));
    // Nobody asks the server anything. The queued one has been there for longer than its own time when its turn comes.
    for (let ms = 0; ms < 9_000; ms += 100) await clock.advance(100);
    const row = (id: string) => api.ctx.db.prisma.job.findUniqueOrThrow({ where: { id } });
    const [one, two] = [await row(first), await row(queued)];
    for (const [job, seconds] of [[one, 4], [two, 1]] as const) {
      expect(job).toMatchObject({ status: 'CANCELLED', reason: 'DurationTerminationCriteria was met' });
      const ran = (job.endedAt!.getTime() - job.startedAt!.getTime()) / 1000;
      expect(ran).toBeGreaterThanOrEqual(seconds);
      expect(ran).toBeLessThanOrEqual(seconds + 2);
    }
    expect(two.startedAt!.getTime()).toBeGreaterThanOrEqual(one.endedAt!.getTime());
    expect(two.startedAt!.getTime() - two.createdAt.getTime()).toBeGreaterThan(1_000);
    expect(await allFaults(api)).toEqual([]);
  });
});

describe.each(databases)('9: on %s', (database) => {
  it('an aggregation that is interrupted by a stop is not a failed attempt, and is taken up by the next start', async () => {
    const gate = new Gate();
    const api = await startApi(database, {}, { change: gate.before });
    try {
      const training = await newTraining(api, 1);
      gate.shut();
      const job = await newJob(api, training);
      await submitUpdate(api, training, job, training.devices[0]!, model(1));
      for (let restart = 0; restart < 6; restart++) {
        await eventually('it aggregates', () => gate.arrived > restart);
        await api.ctx.tasks.stop();
        const [task] = await api.ctx.db.prisma.task.findMany({ where: { dedupeKey: job } });
        expect(task).toMatchObject({ attempts: 0, leaseOwner: null, finishedAt: null });
        await api.ctx.tasks.start(taskHandlers(api.ctx));
      }
      gate.open();
      await jobWith(api, training, job, 'COMPLETED');
      expect(await allFaults(api)).toEqual([]);
    } finally {
      await api.close();
    }
  });
});
