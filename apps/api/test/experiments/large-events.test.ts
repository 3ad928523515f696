import { eventually } from '@vergeai/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, send, startApi, type TestApi } from '../support/api.js';
import { listen } from '../support/listen.js';
import { newPlace } from '../support/uploads.js';

const COUNT = 30;

describe.each(databases)('events of 64 KiB on %s', (database) => {
  let api: TestApi;
  let place: { project: string; experiment: string };
  beforeAll(async () => {
    api = await startApi(database);
    place = await newPlace(api);
    const hyperparameters = { x: 'y'.repeat(64 * 1024 - 8) };
    for (let n = 1; n < COUNT; n++) {
      const { status } = await send(api, 'POST', '/v1/experiment/update', { key: api.adminKey, json: { project_id: place.project, experiment_id: place.experiment, hyperparameters } });
      expect(status).toBe(200);
    }
  });
  afterAll(() => api.close());

  const numbers = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, index) => first + index);
  const page = async (query: string) => {
    const { body } = await send(api, 'GET', `/v1/experiment/events/${place.project}/${place.experiment}?${query}`, { key: api.adminKey });
    return { numbers: (body.data as { sequence: number }[]).map(({ sequence }) => sequence), next: body.next_after as number | null };
  };

  it('fill a page as others do', async () => {
    expect(await page('limit=200')).toEqual({ numbers: numbers(1, COUNT), next: null });
    expect(await page('limit=20&after=3')).toEqual({ numbers: numbers(4, 23), next: 23 });
    expect(await page(`limit=10&after=${COUNT - 10}`)).toEqual({ numbers: numbers(COUNT - 9, COUNT), next: null });
  });

  it('are all told to who follows them', async () => {
    const listener = await listen(api, { ...place, devices: [] });
    await eventually('all are told', () => listener.events.length === COUNT);
    expect(listener.events.map(({ id }) => id)).toEqual(numbers(1, COUNT));
    listener.hangUp();
    await listener.reading;
  });
});
