import { transitions, type JobStatus } from '@vergeai/domain';
import { eventually } from '@vergeai/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { takeStep } from '../../src/writing/take-step.js';
import { endOverdueJobs } from '../../src/engine/watch-jobs.js';
import { transition } from '../../src/engine/transition.js';
import { Gate, withAggregator } from '../support/aggregators.js';
import { databases, startApi, type TestApi } from '../support/api.js';
import { testClock } from '../support/clock.js';
import { allFaults } from '../support/experiment-log.js';
import { snapshot } from '../support/rows.js';
import { cancelJob, eventsOf, getExperiment, getJob, jobWith, model, newJob, newTraining, nextJob, reportFailure, retryJob, submitUpdate, type Training } from '../support/training.js';

const statuses = ['INITIALIZED', 'IN_PROGRESS', 'AGGREGATION_IN_PROGRESS', 'COMPLETED', 'CANCELLED', 'FAILED'] as const satisfies readonly JobStatus[];
const deadline = (seconds: number) => ({ termination_criteria: [{ type: 'DurationTerminationCriteria', max_duration_sec: seconds }] });

describe.each(databases)('a job on %s', (database) => {
  let api: TestApi;
  const gate = new Gate();
  const clock = testClock();
  let broken = false;
  beforeAll(async () => {
    const breakable = withAggregator((real, ...args) => (broken ? Promise.reject(new Error('broken by the test')) : real.aggregate(...args)));
    api = await startApi(database, { LOG_LEVEL: 'silent' }, { clock, change: (ctx) => breakable(gate.before(ctx)) });
  });
  afterEach(async () => {
    broken = false;
    gate.open();
    // What a test has left to the gate would else come through in the middle of the next one.
    await eventually('nothing is under way', async () => (await api.ctx.db.prisma.task.count({ where: { finishedAt: null } })) === 0);
    expect(await allFaults(api)).toEqual([]);
  });
  afterAll(() => api.close());

  const stepsOf = async (training: Training, job: string) =>
    (await eventsOf(api, training)).filter(({ job_id, type }) => job_id === job && type.startsWith('job_')).map(({ type }) => type.slice(4).toUpperCase());

  /** A job that is being aggregated and cannot go on. */
  async function aggregating(more: Record<string, unknown> = {}) {
    const training = await newTraining(api, 1);
    gate.shut();
    const arrived = gate.arrived;
    const job = await newJob(api, training, more);
    await submitUpdate(api, training, job, training.devices[0]!, model(1));
    await eventually('the aggregate is made', () => gate.arrived > arrived);
    await jobWith(api, training, job, 'AGGREGATION_IN_PROGRESS');
    return { training, job };
  }

  /** Lets each attempt fail and its back-off pass. */
  async function exhaust(job: string): Promise<void> {
    for (let attempt = 1; attempt <= 5; attempt++) {
      await eventually(`attempt ${attempt} has failed`, async () => {
        const task = await api.ctx.db.prisma.task.findFirstOrThrow({ where: { dedupeKey: job } });
        return task.attempts >= attempt && task.leaseOwner === null;
      });
      await clock.advance(attempt ** 2 * 1000);
    }
  }

  /** A job in each status, each in an experiment of its own. */
  async function jobIn(status: JobStatus): Promise<{ training: Training; job: string }> {
    if (status === 'AGGREGATION_IN_PROGRESS') return aggregating();
    const training = await newTraining(api, 1);
    const [device] = training.devices;
    if (status === 'INITIALIZED') await newJob(api, training);
    const job = await newJob(api, training);
    if (status === 'COMPLETED') await submitUpdate(api, training, job, device!, model(1));
    if (status === 'CANCELLED') await cancelJob(api, training, job);
    if (status === 'FAILED') await reportFailure(api, training, job, device!);
    await jobWith(api, training, job, status);
    return { training, job };
  }

  describe('goes', () => {
    it('– → IN_PROGRESS at once when it is the first in line: its start model is the current model, its clock starts', async () => {
      const training = await newTraining(api, 1);
      const job = await newJob(api, training, deadline(60));
      const found = await getJob(api, training, job);
      const experiment = await getExperiment(api, training);
      expect(found).toMatchObject({ status: 'IN_PROGRESS', start_model: experiment.current_model });
      const startedAt = Number(found.configuration.termination_criteria[0].start_epoch_time);
      expect(startedAt).toBeGreaterThanOrEqual(Number(found.created_on));
      expect(experiment).toMatchObject({ current_job: job, is_active: true });
      expect(await stepsOf(training, job)).toEqual(['INITIALIZED', 'IN_PROGRESS']);
    });

    it('– → INITIALIZED while another job of the experiment is running: no start model, no clock', async () => {
      const training = await newTraining(api, 1);
      const first = await newJob(api, training);
      const second = await newJob(api, training, deadline(60));
      const found = await getJob(api, training, second);
      expect(found).toMatchObject({ status: 'INITIALIZED', start_model: {} });
      expect(found.configuration.termination_criteria[0].start_epoch_time).toBe('NONE');
      expect(await getExperiment(api, training)).toMatchObject({ jobs: [first, second], current_job: first });
    });

    it('IN_PROGRESS → AGGREGATION_IN_PROGRESS with the num_devices-th update, and the set is frozen then', async () => {
      const training = await newTraining(api, 3);
      gate.shut();
      const job = await newJob(api, training, { num_devices: 2, num_buffer_devices: 1 });
      const [one, two, late] = training.devices;
      await submitUpdate(api, training, job, one!, model(1));
      expect((await getJob(api, training, job)).status).toBe('IN_PROGRESS');
      await submitUpdate(api, training, job, two!, model(2));
      expect((await getJob(api, training, job)).status).toBe('AGGREGATION_IN_PROGRESS');
      expect((await submitUpdate(api, training, job, late!, model(3))).body.code).toBe('job_closed');
      const { payload } = await api.ctx.db.prisma.task.findFirstOrThrow({ where: { dedupeKey: job } });
      const updates = await api.ctx.db.prisma.jobUpdate.findMany({ where: { jobId: job }, orderBy: { deviceId: 'asc' } });
      expect(JSON.parse(payload)).toEqual({ jobId: job });
      expect(updates).toHaveLength(2);
      gate.open();
      expect(Object.keys((await jobWith(api, training, job, 'COMPLETED')).models).sort()).toEqual([one!.id, two!.id].sort());
    });

    it('AGGREGATION_IN_PROGRESS → COMPLETED, and with it the model moves on and the next job starts from it', async () => {
      const { training, job } = await aggregating();
      const next = await newJob(api, training);
      gate.open();
      const done = await jobWith(api, training, job, 'COMPLETED');
      // One transaction: whoever sees the first sees the rest.
      const experiment = await getExperiment(api, training);
      expect(experiment).toMatchObject({ current_model: done.aggregate_model, current_job: next, is_active: true });
      expect(await getJob(api, training, next)).toMatchObject({ status: 'IN_PROGRESS', start_model: done.aggregate_model });
      expect((await eventsOf(api, training)).slice(-3).map(({ type }) => type)).toEqual(['job_completed', 'current_model_changed', 'job_in_progress']);
    });

    it.each(['INITIALIZED', 'IN_PROGRESS', 'AGGREGATION_IN_PROGRESS'] as const)('%s → CANCELLED when it is asked for; the model stays', async (status) => {
      const { training, job } = await jobIn(status);
      const before = (await getExperiment(api, training)).current_model;
      expect((await cancelJob(api, training, job)).status).toBe(200);
      expect((await getJob(api, training, job)).status).toBe('CANCELLED');
      expect((await getExperiment(api, training)).current_model).toEqual(before);
      expect((await api.ctx.db.prisma.job.findUniqueOrThrow({ where: { id: job } })).reason).toBe('cancelled on request');
    });

    it.each(['IN_PROGRESS', 'AGGREGATION_IN_PROGRESS'] as const)('%s → CANCELLED when a termination criterion is met', async (status) => {
      const training = await newTraining(api, 1);
      if (status === 'AGGREGATION_IN_PROGRESS') gate.shut();
      const job = await newJob(api, training, deadline(3600));
      if (status === 'AGGREGATION_IN_PROGRESS') await submitUpdate(api, training, job, training.devices[0]!, model(1));
      await jobWith(api, training, job, status);
      await clock.advance(3_590_000);
      await endOverdueJobs(api.ctx);
      expect((await getJob(api, training, job)).status).toBe(status);
      await clock.advance(20_000);
      await endOverdueJobs(api.ctx);
      expect((await getJob(api, training, job)).status).toBe('CANCELLED');
      expect((await getExperiment(api, training)).is_active).toBe(false);
    });

    it('IN_PROGRESS → FAILED when too few devices are left, with the reason kept', async () => {
      const { training, job } = await jobIn('FAILED');
      const { reason } = await api.ctx.db.prisma.job.findUniqueOrThrow({ where: { id: job } });
      expect(reason).toBe('too few devices are left: battery low');
      expect(await getExperiment(api, training)).toMatchObject({ is_active: false, current_job: job });
    });

    it('AGGREGATION_IN_PROGRESS → FAILED when aggregation has failed five times, with the reason kept; the next one starts from where it started', async () => {
      broken = true;
      const training = await newTraining(api, 1);
      const job = await newJob(api, training);
      const next = await newJob(api, training);
      await submitUpdate(api, training, job, training.devices[0]!, model(1));
      await exhaust(job);
      const failed = await jobWith(api, training, job, 'FAILED');
      expect(failed.aggregate_model).toEqual({});
      const row = await api.ctx.db.prisma.job.findUniqueOrThrow({ where: { id: job } });
      expect(row.reason).toBe('aggregation failed 5 times');
      expect(await getJob(api, training, next)).toMatchObject({ status: 'IN_PROGRESS', start_model: failed.start_model });
      expect(await api.ctx.db.prisma.task.findFirst({ where: { dedupeKey: job, finishedAt: null } })).toBeNull();
    });

    it('in its turn: queued jobs start in the order they were created, those that were cancelled are skipped', async () => {
      const training = await newTraining(api, 1);
      const jobs: string[] = [];
      for (let n = 0; n < 5; n++) jobs.push(await newJob(api, training));
      await cancelJob(api, training, jobs[2]!);
      const order: string[] = [];
      for (let n = 0; n < 4; n++) {
        const { body } = await nextJob(api, training, training.devices[0]!, 10);
        order.push(body.job_id);
        await submitUpdate(api, training, body.job_id, training.devices[0]!, model(n + 1));
      }
      expect(order).toEqual([jobs[0], jobs[1], jobs[3], jobs[4]]);
      await jobWith(api, training, jobs[4]!, 'COMPLETED');
      expect(await getExperiment(api, training)).toMatchObject({ jobs, current_job: jobs[4], is_active: false });
    });

    it('on after the series has run out: a later job makes the experiment active again', async () => {
      const { training, job } = await jobIn('COMPLETED');
      expect(await getExperiment(api, training)).toMatchObject({ current_job: job, is_active: false });
      const later = await newJob(api, training);
      expect(await getExperiment(api, training)).toMatchObject({ current_job: later, is_active: true });
    });

    it('nowhere that the table does not lead, from any status to any other', async () => {
      const documented = new Set(transitions.map(({ from, to }) => `${from} → ${to}`));
      for (const from of statuses) {
        const { training, job } = await jobIn(from);
        const before = await snapshot(api);
        for (const to of statuses) {
          if (documented.has(`${from} → ${to}`)) continue;
          // Whatever the compiler would let pass.
          const move = [to, { reason: 'the test wants it' }] as readonly ['CANCELLED', { reason: string }];
          const moved = await takeStep(api.ctx, undefined, (step) => transition(step, { id: job, experimentId: training.experiment }, ...move));
          expect(moved, `${from} → ${to}`).toBe(false);
        }
        expect(await snapshot(api)).toEqual(before);
        gate.open();
        if (from === 'AGGREGATION_IN_PROGRESS') await jobWith(api, training, job, 'COMPLETED');
      }
    });
  });

  describe('is refused', () => {
    it.each([
      ['COMPLETED', 400],
      ['FAILED', 400],
    ] as const)('to be cancelled when it is %s: %i job_ended', async (status, code) => {
      const { training, job } = await jobIn(status);
      const before = await snapshot(api);
      const reply = await cancelJob(api, training, job);
      expect([reply.status, reply.body.code]).toEqual([code, 'job_ended']);
      expect(await snapshot(api)).toEqual({ ...before, experiment: expect.anything() });
    });

    it('nothing when it is cancelled again: 200, and no row of the database changes', async () => {
      const { training, job } = await jobIn('CANCELLED');
      const before = await snapshot(api);
      expect((await cancelJob(api, training, job)).body).toEqual({});
      expect(await snapshot(api)).toEqual(before);
    });

    it.each(['INITIALIZED', 'IN_PROGRESS', 'AGGREGATION_IN_PROGRESS', 'COMPLETED'] as const)('to be retried when it is %s: 400 job_not_retryable', async (status) => {
      const { training, job } = await jobIn(status);
      const reply = await retryJob(api, training, job);
      expect([reply.status, reply.body.code]).toEqual([400, 'job_not_retryable']);
    });

    it.each([
      ['INITIALIZED', 400, 'job_not_started'],
      ['AGGREGATION_IN_PROGRESS', 409, 'job_closed'],
      ['CANCELLED', 409, 'job_closed'],
      ['COMPLETED', 409, 'job_closed'],
    ] as const)('an update when it is %s: %i %s', async (status, code, problem) => {
      const training = await newTraining(api, 2);
      if (status === 'AGGREGATION_IN_PROGRESS') gate.shut();
      if (status === 'INITIALIZED') await newJob(api, training);
      const job = await newJob(api, training, { num_devices: 1, num_buffer_devices: 1 });
      const [one, late] = training.devices;
      if (status === 'CANCELLED') await cancelJob(api, training, job);
      if (status.startsWith('AGG') || status === 'COMPLETED') await submitUpdate(api, training, job, one!, model(1));
      await jobWith(api, training, job, status);
      const reply = await submitUpdate(api, training, job, late!, model(2));
      expect([reply.status, reply.body.code]).toEqual([code, problem]);
    });

    it.each(statuses)('no report of a failure when it is %s, which changes nothing unless it is IN_PROGRESS', async (status) => {
      const { training, job } = await jobIn(status);
      const reply = await reportFailure(api, training, job, training.devices[0]!);
      expect(reply.status).toBe(status === 'FAILED' || status !== 'IN_PROGRESS' ? reply.status : 200);
      expect((await getJob(api, training, job)).status).toBe(status === 'IN_PROGRESS' ? 'FAILED' : status);
    });
  });
});
