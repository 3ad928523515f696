import { seededRandom, testSeed } from '@vergeai/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { cleanUp } from '../../src/upkeep/clean-up.js';
import { databases, send, startApi, type TestApi } from '../support/api.js';
import { timeOfDay } from '../support/clock.js';
import { model, newJob, newTraining, updateTicket, type Training } from '../support/training.js';
import { expectProblem, putRaw, putUrl, ticketWays, type Ticket } from '../support/uploads.js';

const MINUTE = 60_000;

/** What servers and proxies take of a request's first line, with room for the address of the server. */
const LONGEST_URL = 8000;

const random = seededRandom(testSeed('names of metrics'));
const below = (count: number) => Math.floor(random() * count);
const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_/.0123456789';

/** A name of a hundred UTF-16 units, of characters of so many. */
const nameOf = (units: 1 | 2, character: () => string) => Array.from({ length: 100 / units }, character).join('');

const names: [string, (n: number) => string][] = [
  ['that are alike', (n) => `validation/accuracy/of/class/${n}/`.padEnd(100, 'x')],
  ['that have nothing in common', () => nameOf(1, () => letters[below(letters.length)]!)],
  ['in another script', (n) => `${n}`.padEnd(100, '精度')],
  ['in another script that have nothing in common', () => nameOf(1, () => String.fromCodePoint(0x4e00 + below(0x5000)))],
  ['of anything but ASCII and surrogates', () => nameOf(1, () => String.fromCodePoint(0x80 + below(0xd800 - 0x80)))],
  ['beyond the first plane', () => nameOf(2, () => String.fromCodePoint(0x1_0000 + below(0xf_0000)))],
  ['of what JSON has to escape', () => nameOf(1, () => String.fromCodePoint(1 + below(0x1f)))],
];

const fullMetrics = (name: (n: number) => string) => Object.fromEntries(Array.from({ length: 100 }, (_, n) => [name(n), random() * 1e-7]));
const anyMetrics = () => fullMetrics(names[1]![1]);

describe.each(databases)('a ticket with all the metrics that are allowed, on %s', (database) => {
  let api: TestApi;
  const beginning = Date.now();
  let later = 0;
  beforeAll(async () => {
    api = await startApi(database, {}, { clock: timeOfDay(() => beginning + later) });
  });
  afterAll(() => api.close());
  afterEach(() => {
    later = 0;
  });

  const start = async () => {
    const training = await newTraining(api, 1);
    return { training, job: await newJob(api, training), device: training.devices[0]! };
  };
  const metricsOf = async ({ project, experiment }: Training) =>
    (await send(api, 'GET', `/v1/experiment/describe/${project}/${experiment}`, { key: api.adminKey })).body.jobs.data[0].devices[0].metrics as unknown;

  describe.each(ticketWays)('by %s', (_way, upload) => {
    it.each(names)('can be used: 100 names of 100 letters %s', async (_what, name) => {
      const metrics = fullMetrics(name);
      expect(Object.keys(metrics).map(({ length }) => length)).toEqual(Array.from({ length: 100 }, () => 100));
      const { training, job, device } = await start();
      const ticket = await updateTicket(api, training, job, device, { num_examples: 7, metrics });
      expect(putUrl(ticket).length).toBeLessThan(LONGEST_URL);
      const reply = await upload(ticket, JSON.stringify(model(1)));
      expect(reply.status, reply.text).toBe(204);
      expect(await metricsOf(training)).toEqual(metrics);
    });
  });

  it('brings its own, however many others were asked for since, until there are twenty', async () => {
    const { training, job, device } = await start();
    const asked: [Ticket, unknown][] = [];
    for (let n = 0; n < 22; n++) {
      later = n;
      const metrics = anyMetrics();
      asked.push([await updateTicket(api, training, job, device, { metrics }), metrics]);
    }
    expect(await api.ctx.db.prisma.ticketMetrics.count({ where: { jobId: job } })).toBe(20);
    expectProblem(await putRaw(asked[1]![0], JSON.stringify(model(1))), 403, 'ticket_expired');
    const [ticket, metrics] = asked[2]!;
    expect((await putRaw(ticket, JSON.stringify(model(1)))).status).toBe(204);
    expect(await metricsOf(training)).toEqual(metrics);
  });

  it('that is asked for again under an Idempotency-Key brings them, within the day', async () => {
    const { training, job, device } = await start();
    const metrics = anyMetrics();
    const ask = async () => {
      const headers = { 'Idempotency-Key': `key of ${job}` };
      const { body, text } = await send(api, 'POST', '/v1/device/submit_model_update', { key: device.key, json: { project_id: training.project, job_id: job, metrics }, headers });
      if (!body?.model_url) throw new Error(text);
      return body.model_url as Ticket;
    };
    const first = await ask();
    later = 23 * 60 * MINUTE;
    await cleanUp(api.ctx);
    expectProblem(await putRaw(first, JSON.stringify(model(1))), 403, 'ticket_expired');
    expect((await putRaw(await ask(), JSON.stringify(model(1)))).status).toBe(204);
    expect(await metricsOf(training)).toEqual(metrics);
  });

  it('leaves nothing behind once it can not be used any more', async () => {
    const { prisma } = api.ctx.db;
    const { training, job, device } = await start();
    await updateTicket(api, training, job, device, { metrics: { loss: 0.5 } });
    expect(await prisma.ticketMetrics.count({ where: { jobId: job } })).toBe(0);
    await updateTicket(api, training, job, device, { metrics: anyMetrics() });
    expect(await prisma.ticketMetrics.count({ where: { jobId: job } })).toBe(1);
    later = 25 * 60 * MINUTE;
    await cleanUp(api.ctx);
    expect(await prisma.ticketMetrics.count()).toBe(0);
  });
});
