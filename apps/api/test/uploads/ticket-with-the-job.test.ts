import { eventually } from '@vergeai/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { replaceSilentDevices } from '../../src/engine/watch-jobs.js';
import { databases, send, startApi, type TestApi } from '../support/api.js';
import { testClock } from '../support/clock.js';
import { zeroSafetensors } from '../support/models.js';
import { cancelJob, deleteDevice, drawnFor, getJob, jobWith, model, newJob, newTraining, newTrainingOf, nextJob, updateTicket, type TestDevice, type Training } from '../support/training.js';
import { blobsOf, expectProblem, nothingStaged, openRequest, putRaw, putUrl, ticketWays, type Ticket } from '../support/uploads.js';

const HOUR_MS = 60 * 60 * 1000;
const MiB = 1024 * 1024;
const octets = { 'Content-Type': 'application/octet-stream' };

describe.each(databases)('the ticket that comes with a job, on %s', (database) => {
  let api: TestApi;
  const clock = testClock();
  beforeAll(async () => {
    api = await startApi(database, {}, { clock });
  });
  afterAll(() => api.close());

  interface Given {
    readonly training: Training;
    readonly job: string;
    readonly device: TestDevice;
    readonly upload: Ticket;
  }

  const take = async (training: Training, device: TestDevice): Promise<Ticket> => {
    const { status, body } = await nextJob(api, training, device);
    expect(status).toBe(200);
    return body.upload as Ticket;
  };

  /** A device that has just been given a job. */
  async function given(more: Record<string, unknown> = {}, training?: Training): Promise<Given> {
    const place = training ?? (await newTraining(api, 2));
    const job = await newJob(api, place, more);
    const [device] = drawnFor(place, await getJob(api, place, job));
    return { training: place, job, device: device!, upload: await take(place, device!) };
  }

  const withFields = (ticket: Ticket, fields: Record<string, string>): Ticket => ({ ...ticket, fields: { ...ticket.fields, ...fields } });
  const rowOf = async ({ training, job, device }: Given) => {
    const { body } = await send(api, 'GET', `/v1/job/devices/${training.project}/${job}`, { key: api.adminKey });
    return (body.data as Record<string, unknown>[]).find((row) => row['device_id'] === device.id)!;
  };
  const bytes = JSON.stringify(model(1));
  const others = JSON.stringify(model(2));

  describe.each(ticketWays)('by %s', (_way, put) => {
    it('takes an update with what its device reports; the same bytes get the same answer, others 422 idempotency_key_reused', async () => {
      const one = await given();
      const ticket = withFields(one.upload, { num_examples: '7.5', metrics: '{"loss":0.25,"acc/ü ~&":-1e-9}' });
      for (let times = 0; times < 3; times++) {
        const reply = await put(ticket, bytes);
        expect(reply.status, reply.text).toBe(204);
      }
      expectProblem(await put(ticket, others), 422, 'idempotency_key_reused');
      expect(await rowOf(one)).toMatchObject({ state: 'submitted', num_examples: 7.5, metrics: { loss: 0.25, 'acc/ü ~&': -1e-9 } });
      await jobWith(api, one.training, one.job, 'COMPLETED');
      expect((await put(ticket, bytes)).status).toBe(204);
      expectProblem(await put(ticket, others), 422, 'idempotency_key_reused');
      await nothingStaged(api);
      // The start model, the update, and the mean of it alone.
      expect(await blobsOf(api, one.training.project)).toHaveLength(3);
    });

    it('takes an update with nothing beside it', async () => {
      const one = await given();
      expect((await put(one.upload, bytes)).status).toBe(204);
      expect(await rowOf(one)).toMatchObject({ num_examples: null, metrics: {} });
    });

    it.each([
      ['metrics that are no JSON', { metrics: '{' }, '/metrics'],
      ['a metric that is no number', { metrics: '{"loss/x":"x"}' }, '/metrics/loss~1x'],
      ['no examples', { num_examples: '0' }, '/num_examples'],
      ['an empty number of examples', { num_examples: '' }, '/num_examples'],
      ['a number of examples in a text', { num_examples: '"7"' }, '/num_examples'],
      ['examples without end', { num_examples: '1e999' }, '/num_examples'],
      ['more metrics than an update has', { metrics: JSON.stringify(Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`m${n}`, n]))) }, '/metrics'],
    ])('refuses %s, and can be used after that', async (_what, fields, pointer) => {
      const { upload } = await given();
      const reply = await put(withFields(upload, fields), bytes);
      expectProblem(reply, 400, 'invalid_request');
      expect(reply.body.errors).toEqual([{ path: expect.stringMatching(new RegExp(`^/(query|body)${pointer}$`)), message: expect.any(String) }]);
      expect((await put(upload, bytes)).status).toBe(204);
    });
  });

  it('refuses what it can before any byte has come', async () => {
    const one = await given({ num_devices: 2, aggregation_strategy: { type: 'QFedAvg', device_learning_rate: 0.1, q: 1, loss_metric: 'start_loss' } });
    const announce = async (ticket: Ticket) => {
      const { req, reply } = openRequest(putUrl(ticket), 'PUT', { ...octets, 'Content-Length': 10 * MiB });
      req.flushHeaders();
      return reply.finally(() => req.destroy());
    };
    for (const metrics of ['{}', '{"loss":1}', '{"start_loss":0}']) expectProblem(await announce(withFields(one.upload, { metrics })), 400, 'metric_required');
    expectProblem(await announce(withFields(one.upload, { num_examples: '-1', metrics: '{"start_loss":1}' })), 400, 'invalid_request');
    expect((await putRaw(withFields(one.upload, { metrics: '{"start_loss":1}' }), bytes)).status).toBe(204);
    await cancelJob(api, one.training, one.job);
    // It is taken already, so nothing of what stands beside it is asked for again.
    expect((await putRaw(one.upload, bytes)).status).toBe(204);
  });

  it('lets an update be seen on its way once a large one has begun to come', async () => {
    const [before, after] = [zeroSafetensors(4 * MiB), zeroSafetensors(4 * MiB)];
    const one = await given({}, await newTrainingOf(api, 1, before));
    expect(await rowOf(one)).toMatchObject({ state: 'training' });
    const { req, reply } = openRequest(putUrl(one.upload), 'PUT', { ...octets, 'Content-Length': after.length });
    req.write(after.subarray(0, MiB));
    await eventually('it is shown', async () => (await rowOf(one))['state'] === 'uploading');
    // It begins anew.
    const again = await take(one.training, one.device);
    expect(await rowOf(one)).toMatchObject({ state: 'training' });
    req.end(after.subarray(MiB));
    expect((await reply).status).toBe(204);
    // The answer was lost with the device, which has trained once more.
    expect((await putRaw(again, after)).status).toBe(204);
    after[after.length - 1] = 1;
    expectProblem(await putRaw(again, after), 409, 'update_already_submitted');
  });

  it('says nothing that a ticket says which was asked for after the training', async () => {
    const one = await given();
    const ticket = await updateTicket(api, one.training, one.job, one.device, { num_examples: 3, metrics: { loss: 1 } });
    expect((await putRaw(withFields(ticket, { num_examples: '9', metrics: '{"loss":2}' }), bytes)).status).toBe(204);
    expect(await rowOf(one)).toMatchObject({ num_examples: 3, metrics: { loss: 1 } });
  });

  it('opens nothing that a weight of another kind closes', async () => {
    const one = await given({ num_devices: 2 });
    const [, two] = drawnFor(one.training, await getJob(api, one.training, one.job));
    expect((await putRaw(withFields(one.upload, { num_examples: '2' }), bytes)).status).toBe(204);
    const upload = await take(one.training, two!);
    expectProblem(await putRaw(upload, bytes), 400, 'num_examples_mixed');
    expect((await putRaw(withFields(upload, { num_examples: '2' }), bytes)).status).toBe(204);
  });

  it('is good for a day, and the job for as long as it was', async () => {
    const [one, late] = [await given(), await given()];
    clock.set(23 * HOUR_MS);
    expect((await putRaw(withFields(one.upload, { num_examples: '7' }), bytes)).status).toBe(204);
    clock.set(HOUR_MS);
    expectProblem(await putRaw(late.upload, bytes), 403, 'ticket_expired');
    expect((await putRaw(await take(late.training, late.device), bytes)).status).toBe(204);
  });

  it('means no more than its job and its key do by then', async () => {
    const cancelled = await given();
    await cancelJob(api, cancelled.training, cancelled.job);
    expectProblem(await putRaw(cancelled.upload, bytes), 409, 'job_closed');

    const deleted = await given();
    await deleteDevice(api, deleted.training, deleted.device);
    expectProblem(await putRaw(deleted.upload, bytes), 401, 'key_invalid');

    const lapsed = await given();
    await clock.advance(5 * 60_000);
    await replaceSilentDevices(api.ctx);
    expectProblem(await putRaw(lapsed.upload, bytes), 403, 'device_not_drawn');

    const gone = await given();
    await send(api, 'POST', '/v1/project/delete', { key: api.adminKey, json: { project_id: gone.training.project } });
    const { status } = await putRaw(gone.upload, bytes);
    expect([401, 404]).toContain(status);
  });

  it('is not taken from where it is meant for', async () => {
    const [one, other] = [await given(), await given()];
    expectProblem(await putRaw({ ...one.upload, fields: { ...one.upload.fields, key: other.upload.fields['key']! } }, bytes), 403, 'ticket_invalid');
    expectProblem(await send(api, 'GET', `/v1/download?ticket=${one.upload.fields['ticket']}`), 403, 'ticket_invalid');
  });
});
