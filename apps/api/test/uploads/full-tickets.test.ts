import { seededRandom, testSeed } from '@vergeai/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { send, startApi, type TestApi } from '../support/api.js';
import { model, newJob, newTraining, updateTicket } from '../support/training.js';
import { ticketWays } from '../support/uploads.js';

describe('a ticket with all the metrics that are allowed', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi('sqlite');
  });
  afterAll(() => api.close());

  const random = seededRandom(testSeed('names of metrics'));
  const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_/.0123456789';
  const anyOf = (alphabet: string) => alphabet[Math.floor(random() * alphabet.length)]!;

  describe.each(ticketWays)('by %s', (_way, upload) => {
    it.each<[string, (n: number) => string]>([
      ['that are alike', (n) => `validation/accuracy/of/class/${n}/`.padEnd(100, 'x')],
      ['that have nothing in common', () => Array.from({ length: 100 }, () => anyOf(letters)).join('')],
      ['in another script', (n) => `${n}`.padEnd(100, '精度')],
    ])('can be used: 100 names of 100 letters %s', async (_what, nameOf) => {
      const metrics = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [nameOf(n), random() * 1e-7]));
      const training = await newTraining(api, 1);
      const job = await newJob(api, training);
      const ticket = await updateTicket(api, training, job, training.devices[0]!, { num_examples: 7, metrics });
      const reply = await upload(ticket, JSON.stringify(model(1)));
      expect(reply.status, reply.text).toBe(204);
      const { body } = await send(api, 'GET', `/v1/experiment/describe/${training.project}/${training.experiment}`, { key: api.adminKey });
      expect(body.jobs.data[0].devices[0].metrics).toEqual(metrics);
    });
  });
});
