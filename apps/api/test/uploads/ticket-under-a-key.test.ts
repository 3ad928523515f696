import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { cleanUp } from '../../src/upkeep/clean-up.js';
import { databases, send, startApi, type TestApi } from '../support/api.js';
import { timeOfDay } from '../support/clock.js';
import { levels, newMember } from '../support/members.js';
import { smallSafetensors } from '../support/models.js';
import { cancelJob, getJob, model, newJob, newTraining, type TestDevice, type Training } from '../support/training.js';
import { blobsOf, expectProblem, newPlace, nothingStaged, putRaw, submitInline, ticketWays, type Place, type Ticket } from '../support/uploads.js';

const MINUTE = 60_000;

describe.each(databases)('an Idempotency-Key covers the upload that goes with its ticket, on %s', (database) => {
  let api: TestApi;
  const beginning = Date.now();
  let later = 0;
  let keys = 0;
  const newKey = () => `key-${++keys}`;
  beforeAll(async () => {
    api = await startApi(database, {}, { clock: timeOfDay(() => beginning + later) });
  });
  afterAll(() => api.close());
  afterEach(() => {
    later = 0;
  });

  async function askUnder(idempotencyKey: string, path: string, json: unknown, key: string): Promise<Ticket> {
    const { status, body, text } = await send(api, 'POST', path, { key, json, headers: { 'Idempotency-Key': idempotencyKey } });
    expect(status, text).toBe(200);
    return body.model_url as Ticket;
  }
  const startTicket = (idempotencyKey: string, { project, experiment }: Place, key = api.adminKey) =>
    askUnder(idempotencyKey, '/v1/experiment/submit_start_model', { project_id: project, experiment_id: experiment }, key);
  const updateTicket = (idempotencyKey: string, { project }: Training, job: string, device: TestDevice) =>
    askUnder(idempotencyKey, '/v1/device/submit_model_update', { project_id: project, job_id: job, num_examples: 3 }, device.key);

  /** One start model, one blob, one event: whatever was sent how often. */
  async function expectOnce({ project, experiment }: Place): Promise<void> {
    await nothingStaged(api);
    expect(await api.ctx.db.prisma.storedModel.count({ where: { experimentId: experiment } })).toBe(1);
    expect(await blobsOf(api, project)).toHaveLength(1);
    expect(await api.ctx.db.prisma.event.count({ where: { experimentId: experiment, type: 'start_model_submitted' } })).toBe(1);
  }

  describe.each(ticketWays)('by %s', (_way, upload) => {
    it('when who asked for it went away before it was used, however late they come back within the day', async () => {
      for (const minutes of [1, 9.99, 11, 23 * 60]) {
        const place = await newPlace(api);
        const key = newKey();
        later = 0;
        await startTicket(key, place);
        later = minutes * MINUTE;
        expect((await upload(await startTicket(key, place), smallSafetensors())).status, `after ${minutes} minutes`).toBe(204);
        await expectOnce(place);
      }
    });

    it('when they went away before they heard that it had arrived: the same bytes get the same answer, at once and later', async () => {
      const place = await newPlace(api);
      const key = newKey();
      expect((await upload(await startTicket(key, place), smallSafetensors())).status).toBe(204);
      for (const minutes of [0, 11, 23 * 60]) {
        later = minutes * MINUTE;
        await cleanUp(api.ctx);
        expect((await upload(await startTicket(key, place), smallSafetensors())).status, `after ${minutes} minutes`).toBe(204);
      }
      await expectOnce(place);
    });

    it('and is 422 idempotency_key_reused for another model', async () => {
      const place = await newPlace(api);
      const key = newKey();
      await upload(await startTicket(key, place), smallSafetensors());
      expectProblem(await upload(await startTicket(key, place), smallSafetensors(2)), 422, 'idempotency_key_reused');
      await expectOnce(place);
    });

    it('also an update, although its job has gone on or was cancelled since', async () => {
      const training = await newTraining(api, 2);
      const job = await newJob(api, training, { num_devices: 2 });
      const [device] = training.devices;
      const key = newKey();
      const bytes = JSON.stringify(model(1));
      expect((await upload(await updateTicket(key, training, job, device!), bytes)).status).toBe(204);
      await cancelJob(api, training, job);
      later = 11 * MINUTE;
      expect((await upload(await updateTicket(key, training, job, device!), bytes)).status).toBe(204);
      expectProblem(await upload(await updateTicket(key, training, job, device!), JSON.stringify(model(2))), 422, 'idempotency_key_reused');
      expect(Object.keys((await getJob(api, training, job)).models)).toEqual([device!.id]);
    });
  });

  it('so that of many at once each is answered with success, and one takes effect', async () => {
    const place = await newPlace(api);
    const key = newKey();
    const ticket = await startTicket(key, place);
    const replies = await Promise.all(Array.from({ length: 8 }, (_, at) => ticketWays[at % 2]![1](ticket, smallSafetensors())));
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([204]));
    await expectOnce(place);
  });

  it('with any key of the same person, also when the one that asked first is revoked', async () => {
    const place = await newPlace(api);
    const member = await newMember(api, place.project, levels.READ_WRITE);
    const second = (await send(api, 'POST', '/v1/auth/create', { key: member.key, json: {} })).body.key as string;
    const key = newKey();
    await startTicket(key, place, second);
    expect((await send(api, 'POST', '/v1/auth/revoke', { key: second, json: { key_id: second.split('_')[1] } })).status).toBe(200);
    expect((await putRaw(await startTicket(key, place, member.key), smallSafetensors())).status).toBe(204);
  });

  it('and lets nobody past another start model', async () => {
    const place = await newPlace(api);
    const key = newKey();
    await startTicket(key, place);
    expect((await submitInline(api, place, { w: [1] })).status).toBe(204);
    later = 11 * MINUTE;
    expectProblem(await putRaw(await startTicket(key, place), smallSafetensors()), 400, 'start_model_already_submitted');
  });

  it('and not that of a ticket that came without one, which works once', async () => {
    const place = await newPlace(api);
    const { body } = await send(api, 'POST', '/v1/experiment/submit_start_model', { key: api.adminKey, json: { project_id: place.project, experiment_id: place.experiment } });
    expect((await putRaw(body.model_url as Ticket, smallSafetensors())).status).toBe(204);
    expectProblem(await putRaw(body.model_url as Ticket, smallSafetensors()), 400, 'ticket_used');
  });
});
