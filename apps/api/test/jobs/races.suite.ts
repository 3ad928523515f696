import { anyMoment, eventually, seededRandom, testSeed } from '@vergeai/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBackground } from '../../src/upkeep/background.js';
import { startApi, type DatabaseName, type TestApi } from '../support/api.js';
import { faultsOf } from '../support/experiment-log.js';
import { sendQuickly, type QuickReply } from '../support/quick-client.js';
import { model, newTraining, type TestDevice, type Training } from '../support/training.js';

const ROUNDS = 200;
const CROWD = 64;

/** What holds on every database. Each has a file of its own, so that they run side by side. */
export function describeRaces(database: DatabaseName): void {
  describe(`races on ${database}`, () => {
    let api: TestApi;
    let stop: () => Promise<void>;
    const seed = testSeed(`races on ${database}`);
    const random = seededRandom(seed);
    const oneOf = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
    beforeAll(async () => {
      api = await startApi(database, { LOG_LEVEL: 'silent', DATABASE_POOL_SIZE: '20' });
      await api.ctx.tasks.stop();
      stop = await startBackground(api.ctx, api.lastUsed);
    });
    afterAll(async () => {
      await stop();
      await api.close();
    });

    const post = (path: string, key: string, json: unknown) => sendQuickly(api.url, 'POST', path, { key, json });
    const create = ({ project, experiment }: Training, more: object = {}) => post('/v1/job/create', api.adminKey, { project_id: project, experiment_id: experiment, num_devices: 1, ...more });
    const cancel = ({ project }: Training, job: string) => post('/v1/job/cancel', api.adminKey, { project_id: project, job_id: job });
    const submit = ({ project }: Training, job: string, { key }: TestDevice, value: number) => post('/v1/device/submit_model_update', key, { project_id: project, job_id: job, model: model(value) });
    const idOf = ({ body }: QuickReply) => (body as { ID: string }).ID;

    const jobsOf = ({ experiment }: Training) => api.ctx.db.prisma.job.findMany({ where: { experimentId: experiment }, orderBy: { sequence: 'asc' } });

    /** Until nothing moves any more; a live job that waits for devices does not. */
    const atRest = (training: Training) =>
      eventually(`experiment ${training.experiment} comes to rest`, async () => (await jobsOf(training)).every(({ status }) => status !== 'AGGREGATION_IN_PROGRESS'), 60_000);

    const expected = new Set([200, 204, 400, 403, 409, 503]);

    it(`${CROWD} at once create, cancel, submit and report failures, ${ROUNDS} rounds: never two live jobs, nothing stuck, nothing lost`, { timeout: 1_000 * 60 * 60 }, async () => {
      const before = performance.now();
      let training = await newTraining(api, 4);
      for (let round = 0; round < ROUNDS; round++) {
        // An experiment of 10 rounds: with more its log would be what takes the time.
        if (round % 10 === 0) training = await newTraining(api, 4);
        const jobs = (await jobsOf(training)).filter(({ status }) => ['INITIALIZED', 'IN_PROGRESS'].includes(status)).map(({ id }) => id);
        if (jobs.length === 0) jobs.push(idOf(await create(training)));
        const acknowledged: string[] = [];
        const replies = await Promise.all(
          Array.from({ length: CROWD }, async () => {
            const what = random();
            if (what < 0.1) {
              const reply = await create(training, { num_devices: oneOf([1, 2]), num_buffer_devices: oneOf([0, 1]) });
              if (reply.status === 200) acknowledged.push(idOf(reply));
              return reply;
            }
            const job = oneOf(jobs);
            const device = oneOf(training.devices);
            if (what < 0.2) return cancel(training, job);
            if (what < 0.25) return post('/v1/device/report_failure', device.key, { project_id: training.project, job_id: job, reason: 'by chance' });
            if (what < 0.3) return post('/v1/device/heartbeat', device.key, { project_id: training.project, job_id: job });
            return submit(training, job, device, Math.round(random() * 3));
          }),
        );
        for (const { status, text } of replies) expect(expected.has(status), `seed ${seed}, round ${round}: ${status} ${text}`).toBe(true);
        await atRest(training);
        const found = await jobsOf(training);
        expect(found.map(({ id }) => id)).toEqual(expect.arrayContaining(acknowledged));
        expect(await faultsOf(api, training.experiment), `seed ${seed}, round ${round}`).toEqual([]);
      }
      console.log(`${ROUNDS} rounds of ${CROWD} on ${database}: ${((performance.now() - before) / 1000).toFixed(1)} s`);
    });

    it(`the last two updates arrive together, ${ROUNDS} rounds: one aggregation, none lost`, { timeout: 1_000 * 60 * 60 }, async () => {
      const before = performance.now();
      let training = await newTraining(api, 3);
      for (let round = 0; round < ROUNDS; round++) {
        if (round % 20 === 0) training = await newTraining(api, 3);
        const job = idOf(await create(training, { num_devices: 2, num_buffer_devices: 1 }));
        const replies = await Promise.all(training.devices.map((device, n) => submit(training, job, device, round + n)));
        expect(replies.map(({ status }) => status).sort(), `round ${round}`).toEqual([204, 204, 409]);
        await atRest(training);
        if (round % 20 === 19 || round === ROUNDS - 1) {
          const completed = await api.ctx.db.prisma.event.count({ where: { experimentId: training.experiment, type: 'current_model_changed' } });
          expect(completed).toBe((round % 20) + 1);
          expect(await faultsOf(api, training.experiment)).toEqual([]);
        }
      }
      console.log(`${ROUNDS} rounds on ${database}: ${((performance.now() - before) / 1000).toFixed(1)} s`);
    });

    it(`cancel against complete against deadline, ${ROUNDS} rounds: one of them wins, and the next job starts from what the winner left`, { timeout: 1_000 * 60 * 60 }, async () => {
      const before = performance.now();
      const ends: Record<string, number> = {};
      let training = await newTraining(api, 2);
      for (let round = 0; round < ROUNDS; round++) {
        if (round % 20 === 0) training = await newTraining(api, 2);
        const seconds = 0.005 + random() * 0.6;
        const job = idOf(await create(training, { num_devices: 2, termination_criteria: [{ type: 'DurationTerminationCriteria', max_duration_sec: seconds }] }));
        const next = idOf(await create(training, { num_devices: 2 }));
        const later = (work: () => Promise<QuickReply>) => anyMoment(random, 30).then(work);
        const [first, second, cancelled] = await Promise.all([
          later(() => submit(training, job, training.devices[0]!, round + 1)),
          later(() => submit(training, job, training.devices[1]!, round + 2)),
          ...(random() < 0.6 ? [later(() => cancel(training, job))] : []),
        ]);
        await eventually('it has ended', async () => (await jobsOf(training)).find(({ id }) => id === job)!.endedAt !== null, 60_000);
        const found = await jobsOf(training);
        const { status, reason } = found.find(({ id }) => id === job)!;
        const why = status === 'COMPLETED' ? status : `${status}: ${reason}`;
        ends[why] = (ends[why] ?? 0) + 1;
        if (status === 'COMPLETED') expect([first?.status, second?.status, cancelled?.status ?? 400]).toEqual([204, 204, 400]);
        if (cancelled?.status === 200) expect(status).toBe('CANCELLED');
        expect(found.find(({ id }) => id === next)!.status, JSON.stringify(found.map(({ sequence, status: now, endedAt, reason: kept }) => [sequence, now, endedAt, kept]))).toBe('IN_PROGRESS');
        await cancel(training, next);
        if (round % 20 === 19 || round === ROUNDS - 1) expect(await faultsOf(api, training.experiment), `seed ${seed}, round ${round}`).toEqual([]);
      }
      console.log(`${ROUNDS} rounds on ${database}: ${((performance.now() - before) / 1000).toFixed(1)} s, ${JSON.stringify(ends)}`);
    });

    it('devices are registered, deleted, drawn and replaced at once: no job waits for one that is gone', { timeout: 600_000 }, async () => {
      const training = await newTraining(api, 6);
      for (let round = 0; round < 10; round++) {
        const [job] = await Promise.all([
          create(training, { num_devices: 2 }),
          post('/v1/device/delete', api.adminKey, { project_id: training.project, device_id: training.devices[round % 6]!.id }),
          post('/v1/device/create', api.adminKey, { project_id: training.project }),
          create(training, { num_devices: 2 }),
        ]);
        expect(job.status).toBe(200);
        await eventually('nobody waits for a device that is gone', async () => {
          const gone = await api.ctx.db.prisma.jobDevice.count({
            where: { state: { in: ['DRAWN', 'LEASED'] }, device: { deletedAt: { not: null } }, job: { status: 'IN_PROGRESS', experimentId: training.experiment } },
          });
          return gone === 0;
        });
        for (const { id, endedAt } of await jobsOf(training)) if (!endedAt) await cancel(training, id);
        expect(await faultsOf(api, training.experiment)).toEqual([]);
      }
    });
  });
}
