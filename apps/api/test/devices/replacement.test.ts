import { eventually } from '@vergeai/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { LEASE_SEC } from '@vergeai/domain';
import { endJob } from '../../src/engine/end-job.js';
import { lockExperiment } from '../../src/engine/lock-experiment.js';
import { recoverJobs } from '../../src/engine/recover-jobs.js';
import { replaceSilentDevices, replaceVanishedDevices } from '../../src/engine/watch-jobs.js';
import { takeStep } from '../../src/writing/take-step.js';
import { databases, newExperiment, send, startApi, type TestApi } from '../support/api.js';
import { testClock } from '../support/clock.js';
import { allFaults } from '../support/experiment-log.js';
import { submitInline } from '../support/uploads.js';
import {
  cancelJob,
  createJob,
  deleteDevice,
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
  retryJob,
  submitUpdate,
  type TestDevice,
  type Training,
} from '../support/training.js';

describe.each(databases)('devices of a job on %s', (database) => {
  let api: TestApi;
  const clock = testClock();
  beforeAll(async () => {
    api = await startApi(database, {}, { clock });
  });
  afterEach(async () => expect(await allFaults(api)).toEqual([]));
  afterAll(() => api.close());

  const drawn = async (training: Training, job: string): Promise<TestDevice[]> => drawnFor(training, await getJob(api, training, job));
  const idsOf = (devices: readonly TestDevice[]) => devices.map(({ id }) => id).sort();
  const reasonOf = async (job: string) => (await api.ctx.db.prisma.job.findUniqueOrThrow({ where: { id: job } })).reason;

  describe('are drawn', () => {
    it('num_devices + num_buffer_devices of them, all distinct, all of the project; over many draws every one has its turn', async () => {
      const training = await newTraining(api, 6);
      const seen = new Set<string>();
      // Half of them are drawn each time, so that one of them is left out 100 times by a fault only.
      for (let round = 0; round < 15 || (seen.size < 6 && round < 100); round++) {
        const job = await newJob(api, training, { num_devices: 2, num_buffer_devices: 1 });
        const { devices } = await getJob(api, training, job);
        expect(devices).toHaveLength(3);
        expect(new Set(devices).size).toBe(3);
        expect(idsOf(training.devices)).toEqual(expect.arrayContaining(devices));
        for (const id of devices) seen.add(id);
        await cancelJob(api, training, job);
      }
      expect(seen.size).toBe(6);
    });

    it('never from another project, nor of those that were deleted', async () => {
      const training = await newTraining(api, 2);
      await newTraining(api, 5);
      await deleteDevice(api, training, training.devices[0]!);
      expect((await createJob(api, training, { num_devices: 2 })).body.code).toBe('not_enough_devices');
      const job = await newJob(api, training);
      expect(await drawn(training, job)).toEqual([training.devices[1]]);
    });

    it.each([
      { num_devices: 3 },
      { num_devices: 2, num_buffer_devices: 1 },
      { num_devices: 100_000, num_buffer_devices: 100_000 },
    ])('or the job is refused: 400 not_enough_devices for %j when there are two, and no trace of it stays', async (more) => {
      const training = await newTraining(api, 2);
      const before = await eventsOf(api, training);
      const reply = await createJob(api, training, more);
      expect([reply.status, reply.body.code]).toEqual([400, 'not_enough_devices']);
      expect(await getExperiment(api, training)).toMatchObject({ jobs: [], current_job: 'NONE', is_active: false });
      expect(await eventsOf(api, training)).toEqual(before);
    });

    it('anew when a job is retried', async () => {
      const training = await newTraining(api, 3);
      const job = await newJob(api, training, { num_devices: 2, num_buffer_devices: 1, termination_criteria: [{ type: 'DurationTerminationCriteria', max_duration_sec: 60 }] });
      await cancelJob(api, training, job);
      await deleteDevice(api, training, training.devices[0]!);
      expect((await retryJob(api, training, job)).body.code).toBe('not_enough_devices');
      await newDevice(api, training.project);
      const { body } = await retryJob(api, training, job);
      const { configuration } = await getJob(api, training, job);
      expect(body.configuration).toMatchObject({ num_devices: '2', num_buffer_devices: '1', termination_criteria: [{ max_duration_sec: configuration.termination_criteria[0].max_duration_sec }] });
      expect(body.devices).not.toContain(training.devices[0]!.id);
      expect(body.ID).not.toBe(job);
    });
  });

  describe('are replaced', () => {
    it('by an idle one when they report a failure: it is told at once, the reason is kept, the job goes on to its end', async () => {
      const training = await newTraining(api, 2);
      const job = await newJob(api, training);
      const [first] = await drawn(training, job);
      const other = training.devices.find((device) => device !== first)!;
      await nextJob(api, training, first!);
      const waiting = nextJob(api, training, other, 20);
      expect((await reportFailure(api, training, job, first!, 'the battery is low')).body).toEqual({});
      expect((await waiting).body.job_id).toBe(job);
      expect((await getJob(api, training, job)).devices).toEqual([other.id]);
      expect((await nextJob(api, training, first!)).status).toBe(204);
      expect((await submitUpdate(api, training, job, first!, model(1))).body.code).toBe('device_not_drawn');
      const replaced = (await eventsOf(api, training)).find(({ type }) => type === 'device_replaced');
      expect(replaced).toMatchObject({ job_id: job, device_id: first!.id, actor_id: first!.id, data: { reason: 'the battery is low', substitute: other.id } });
      expect((await submitUpdate(api, training, job, other, model(2))).status).toBe(204);
      await jobWith(api, training, job, 'COMPLETED');
    });

    it('once, however often they report', async () => {
      const training = await newTraining(api, 3);
      const job = await newJob(api, training);
      const [first] = await drawn(training, job);
      const replies = await Promise.all([1, 2, 3, 4].map(() => reportFailure(api, training, job, first!)));
      expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
      expect((await eventsOf(api, training)).filter(({ type }) => type === 'device_replaced')).toHaveLength(1);
      expect((await getJob(api, training, job)).devices).toHaveLength(1);
    });

    it('not when they report a failure after they have submitted: the update counts', async () => {
      const training = await newTraining(api, 3);
      const job = await newJob(api, training, { num_devices: 2 });
      const [first, second] = await drawn(training, job);
      await submitUpdate(api, training, job, first!, model(1));
      expect((await reportFailure(api, training, job, first!)).status).toBe(200);
      expect(idsOf(await drawn(training, job))).toEqual(idsOf([first!, second!]));
      await submitUpdate(api, training, job, second!, model(3));
      expect(Object.keys((await jobWith(api, training, job, 'COMPLETED')).models).sort()).toEqual(idsOf([first!, second!]));
    });

    it('when their lease lapses, not a moment before, and not while heartbeats renew it', async () => {
      const training = await newTraining(api, 3);
      const job = await newJob(api, training, { num_devices: 2 });
      const [silent, lively] = await drawn(training, job);
      const other = training.devices.find((device) => device !== silent && device !== lively)!;
      for (const device of [silent!, lively!]) expect((await nextJob(api, training, device)).body.lease).toMatchObject({ duration_sec: LEASE_SEC });
      await clock.advance((LEASE_SEC - 10) * 1000);
      await replaceSilentDevices(api.ctx);
      expect(idsOf(await drawn(training, job))).toEqual(idsOf([silent!, lively!]));
      const { body } = await heartbeat(api, training, job, lively!);
      expect(body).toMatchObject({ is_device_active: true, lease: { duration_sec: LEASE_SEC } });
      expect(new Date(body.lease.expires_at).getTime() - clock.now().getTime()).toBeGreaterThan((LEASE_SEC - 5) * 1000);
      await clock.advance(11_000);
      await replaceSilentDevices(api.ctx);
      expect(idsOf(await drawn(training, job))).toEqual(idsOf([other, lively!]));
      expect((await heartbeat(api, training, job, silent!)).body).toEqual({ is_device_active: false, lease: null });
      expect(await isActive(api, training, job, silent!)).toBe(false);
      await submitUpdate(api, training, job, other, model(1));
      await submitUpdate(api, training, job, lively!, model(2));
      await jobWith(api, training, job, 'COMPLETED');
    });

    it('not for being slow to ask: a device that has not taken the job holds no lease that could lapse', async () => {
      const training = await newTraining(api, 2);
      const job = await newJob(api, training);
      const before = await drawn(training, job);
      await clock.advance(10 * LEASE_SEC * 1000);
      await replaceSilentDevices(api.ctx);
      expect(await drawn(training, job)).toEqual(before);
    });

    it('not after they have submitted, however long the job lasts', async () => {
      const training = await newTraining(api, 3);
      const job = await newJob(api, training, { num_devices: 2 });
      const [first] = await drawn(training, job);
      await nextJob(api, training, first!);
      await submitUpdate(api, training, job, first!, model(1));
      const before = await drawn(training, job);
      await clock.advance(10 * LEASE_SEC * 1000);
      await replaceSilentDevices(api.ctx);
      expect(await drawn(training, job)).toEqual(before);
    });

    it('when they are deleted while the job runs', async () => {
      const training = await newTraining(api, 2);
      const job = await newJob(api, training);
      const [first] = await drawn(training, job);
      const other = training.devices.find((device) => device !== first)!;
      await nextJob(api, training, first!);
      expect((await deleteDevice(api, training, first!)).body).toEqual({});
      expect((await getJob(api, training, job)).devices).toEqual([other.id]);
      expect((await nextJob(api, training, first!)).status).toBe(401);
      await submitUpdate(api, training, job, other, model(1));
      await jobWith(api, training, job, 'COMPLETED');
    });

    it('when they were deleted before the start: the job starts with others', async () => {
      const training = await newTraining(api, 3);
      const running = await newJob(api, training);
      const queued = await newJob(api, training, { num_devices: 2 });
      const [doomed, kept] = await drawn(training, queued);
      const spare = training.devices.find((device) => device !== doomed && device !== kept)!;
      await deleteDevice(api, training, doomed!);
      expect((await getJob(api, training, queued)).status).toBe('INITIALIZED');
      await cancelJob(api, training, running);
      const started = await jobWith(api, training, queued, 'IN_PROGRESS');
      expect([...started.devices].sort()).toEqual(idsOf([kept!, spare]));
      const replaced = (await eventsOf(api, training)).filter(({ type, job_id }) => type === 'device_replaced' && job_id === queued);
      expect(replaced).toMatchObject([{ device_id: doomed!.id, data: { reason: 'the device was deleted', substitute: spare.id } }]);
    });

    it('when they were deleted at the very moment they were drawn, so that neither transaction saw the other', async () => {
      const training = await newTraining(api, 2);
      const job = await newJob(api, training);
      const [first] = await drawn(training, job);
      const other = training.devices.find((device) => device !== first)!;
      // What such a race leaves behind.
      await api.ctx.db.prisma.device.updateMany({ where: { id: first!.id }, data: { deletedAt: clock.now() } });
      await replaceVanishedDevices(api.ctx);
      expect((await getJob(api, training, job)).devices).toEqual([other.id]);
    });

    it('also when no server was there to see it, for however long: the next one that starts does', async () => {
      const training = await newTraining(api, 2);
      const job = await newJob(api, training);
      const [first] = await drawn(training, job);
      await api.ctx.db.prisma.device.updateMany({ where: { id: first!.id }, data: { deletedAt: clock.now() } });
      await clock.advance(24 * 3_600_000);
      await recoverJobs(api.ctx);
      expect((await getJob(api, training, job)).devices).not.toContain(first!.id);
    });

    it('only while their job takes updates: its leases end with that', async () => {
      const training = await newTraining(api, 3);
      const completed = await newJob(api, training, { num_devices: 1, num_buffer_devices: 1 });
      const [quick, late] = await drawn(training, completed);
      await nextJob(api, training, late!);
      await submitUpdate(api, training, completed, quick!, model(1));
      await jobWith(api, training, completed, 'COMPLETED');
      const cancelled = await newJob(api, training);
      await nextJob(api, training, (await drawn(training, cancelled))[0]!);
      await cancelJob(api, training, cancelled);
      expect(await api.ctx.db.prisma.jobDevice.count({ where: { jobId: { in: [completed, cancelled] }, OR: [{ state: 'LEASED' }, { leaseExpiresAt: { not: null } }] } })).toBe(0);
      const { body } = await send(api, 'GET', `/v1/experiment/describe/${training.project}/${training.experiment}`, { key: api.adminKey });
      const states = body.jobs.data.flatMap(({ devices }: { devices: Array<{ state: string }> }) => devices.map(({ state }) => state));
      expect(states.sort()).toEqual(['drawn', 'drawn', 'submitted']);
    });

    it.runIf(database === 'postgresql')('not for ever when a heartbeat was under way as their job ended: the lease that it got is ended once it lapses', async () => {
      const training = await newTraining(api, 1);
      const job = await newJob(api, training);
      const [device] = training.devices;
      await nextJob(api, training, device!);
      let beat: ReturnType<typeof heartbeat>;
      await takeStep(api.ctx, undefined, async (step) => {
        await lockExperiment(step, training.project, training.experiment);
        await endJob(step, job, 'CANCELLED', 'asked for by a test');
        beat = heartbeat(api, training, job, device!);
        const waiting = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
        await eventually('the heartbeat waits for the end', async () => (await api.ctx.db.prisma.$executeRawUnsafe(waiting)) > 0);
      });
      expect((await beat!).status).toBe(200);
      await clock.advance((LEASE_SEC + 1) * 1000);
      await replaceSilentDevices(api.ctx);
      expect(await api.ctx.db.prisma.jobDevice.findMany({ where: { jobId: job } })).toMatchObject([{ state: 'DRAWN', leaseExpiresAt: null }]);
    });

    it('never by one that had a part in the job before', async () => {
      const training = await newTraining(api, 2);
      const job = await newJob(api, training);
      const [first] = await drawn(training, job);
      const other = training.devices.find((device) => device !== first)!;
      await reportFailure(api, training, job, first!);
      await reportFailure(api, training, job, other);
      expect((await getJob(api, training, job)).status).toBe('FAILED');
      const events = (await eventsOf(api, training)).filter((event) => event.type === 'device_replaced');
      expect(events.map(({ data }) => data.substitute)).toEqual([other.id, null]);
    });

    it('only by an idle one: who trains for another experiment is left alone', async () => {
      const training = await newTraining(api, 2);
      const place = await elsewhere(training);
      const busy = await newJob(api, place);
      const [occupied] = await drawn(training, busy);
      const free = training.devices.find((device) => device !== occupied)!;
      const job = await jobOn(training, free);
      await reportFailure(api, training, job, free);
      expect((await getJob(api, training, job)).status).toBe('FAILED');
      expect((await getJob(api, place, busy)).status).toBe('IN_PROGRESS');
    });
  });

  describe('are missing', () => {
    it('when the last one fails: the job FAILS with the reason, the next one starts from the same model', async () => {
      const training = await newTraining(api, 1);
      const job = await newJob(api, training);
      const next = await newJob(api, training);
      await reportFailure(api, training, job, training.devices[0]!, 'no disk');
      const failed = await getJob(api, training, job);
      expect(failed.status).toBe('FAILED');
      expect(await reasonOf(job)).toBe('too few devices are left: no disk');
      expect(await getJob(api, training, next)).toMatchObject({ status: 'IN_PROGRESS', start_model: failed.start_model });
    });

    it('but the buffer makes up for it: the job fails only when num_devices is out of reach', async () => {
      const training = await newTraining(api, 3);
      const job = await newJob(api, training, { num_devices: 1, num_buffer_devices: 2 });
      const [one, two, three] = await drawn(training, job);
      await reportFailure(api, training, job, one!);
      await reportFailure(api, training, job, two!);
      expect((await getJob(api, training, job)).status).toBe('IN_PROGRESS');
      await submitUpdate(api, training, job, three!, model(4));
      await jobWith(api, training, job, 'COMPLETED');
    });

    it('when a lease lapses with nobody to take its place', async () => {
      const training = await newTraining(api, 1);
      const job = await newJob(api, training);
      await nextJob(api, training, training.devices[0]!);
      await clock.advance((LEASE_SEC + 1) * 1000);
      await replaceSilentDevices(api.ctx);
      expect((await getJob(api, training, job)).status).toBe('FAILED');
      expect(await reasonOf(job)).toBe('too few devices are left: its lease lapsed');
    });

    it('when all are deleted before the start: the queued job FAILS in its turn by the documented steps, and the one behind it too', async () => {
      const training = await newTraining(api, 1);
      const running = await newJob(api, training);
      const [second, third] = [await newJob(api, training), await newJob(api, training)];
      await submitUpdate(api, training, running, training.devices[0]!, model(1));
      await jobWith(api, training, second, 'IN_PROGRESS');
      await deleteDevice(api, training, training.devices[0]!);
      for (const job of [second, third]) {
        expect((await getJob(api, training, job)).status).toBe('FAILED');
        expect(await reasonOf(job)).toMatch(/^too few devices are left/);
      }
      const steps = (await eventsOf(api, training)).filter(({ job_id }) => job_id === third).map(({ type }) => type);
      expect(steps).toEqual(['job_initialized', 'device_replaced', 'job_in_progress', 'job_failed']);
      expect(await getExperiment(api, training)).toMatchObject({ is_active: false, current_job: third });
    });

    it('before the start of a long queue: all of it FAILS, a part at a time so that others are not kept waiting', async () => {
      const training = await newTraining(api, 1);
      const jobs: string[] = [];
      for (let n = 0; n < 120; n++) jobs.push(await newJob(api, training));
      await deleteDevice(api, training, training.devices[0]!);
      const { prisma } = api.ctx.db;
      await jobWith(api, training, jobs.at(-1)!, 'FAILED', 60_000);
      expect(await prisma.job.count({ where: { experimentId: training.experiment, status: 'FAILED' } })).toBe(120);
      expect(await prisma.task.count({ where: { kind: 'continue_series', dedupeKey: training.experiment } })).toBe(2);
      await eventually('the experiment rests', async () => !(await getExperiment(api, training)).is_active);
    });

    it('in a failed job: it can be retried once there are devices again, from where it started', async () => {
      const training = await newTraining(api, 1);
      const job = await newJob(api, training);
      await reportFailure(api, training, job, training.devices[0]!);
      const { body } = await retryJob(api, training, job);
      expect(body).toMatchObject({ status: 'IN_PROGRESS', devices: [training.devices[0]!.id], start_model: (await getJob(api, training, job)).start_model });
      await submitUpdate(api, training, body.ID, training.devices[0]!, model(1));
      await jobWith(api, training, body.ID, 'COMPLETED');
    });
  });

  /** A second experiment of the same project, with a start model. */
  async function elsewhere({ project, devices }: Training): Promise<Training> {
    const experiment = await newExperiment(api, project);
    await submitInline(api, { project, experiment }, model(0));
    return { project, experiment, devices };
  }

  /** A job that this device was drawn for. */
  async function jobOn(training: Training, device: TestDevice): Promise<string> {
    for (;;) {
      const job = await newJob(api, training);
      if ((await drawn(training, job))[0] === device) return job;
      await cancelJob(api, training, job);
    }
  }
});
