import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, newUser, send, startApi, type TestApi } from '../support/api.js';
import { sha256 } from '../support/models.js';
import { newPlace, submitText, type Place } from '../support/uploads.js';

describe.each(databases)('experiment/events on %s', (database) => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi(database);
  });
  afterAll(() => api.close());

  const events = ({ project, experiment }: Place, query = '', key = api.adminKey) =>
    send(api, 'GET', `/v1/experiment/events/${project}/${experiment}${query}`, { key });

  const rename = ({ project, experiment }: Place, name: string) =>
    send(api, 'POST', '/v1/experiment/update', { key: api.adminKey, json: { project_id: project, experiment_id: experiment, experiment_name: name } });

  it('tells what happened, in order, by whom and with which key', async () => {
    const user = await newUser(api);
    const place = await newPlace(api, user.key);
    await submitText(api, place, '{"w":[1]}', user.key);
    const { body } = await events(place, '', user.key);
    const { body: keys } = await send(api, 'GET', '/v1/auth/list', { key: user.key });
    const who = { actor_id: user.userId, key_id: keys.data[0].key_id, job_id: null, device_id: null, created_at: expect.stringMatching(/Z$/) };
    expect(body).toEqual({
      data: [
        { sequence: 1, type: 'experiment_created', data: { name: null }, ...who },
        {
          sequence: 2,
          type: 'start_model_submitted',
          data: { size: 9, sha256: sha256('{"w":[1]}'), format: 'json', tensors: 1 },
          ...who,
        },
      ],
      next_after: null,
    });
  });

  it('has no event of a request that was refused', async () => {
    const place = await newPlace(api);
    await submitText(api, place, '{"w":[1]}');
    await submitText(api, place, '{"w":[2]}');
    await submitText(api, await newPlace(api), '{"w":[1,[2]]}');
    expect((await events(place)).body.data.map(({ type }: { type: string }) => type)).toEqual(['experiment_created', 'start_model_submitted']);
  });

  it('numbers events from 1 without gaps, also when many happen at once', async () => {
    const place = await newPlace(api);
    await Promise.all(Array.from({ length: 20 }, (_, at) => rename(place, `Name ${at}`)));
    const { body } = await events(place);
    expect(body.data.map(({ sequence }: { sequence: number }) => sequence)).toEqual(Array.from({ length: 21 }, (_, at) => at + 1));
  });

  it('goes on from any event, a page at a time', async () => {
    const place = await newPlace(api);
    for (const name of ['a', 'b', 'c', 'd']) await rename(place, name);
    const { body: first } = await events(place, '?after=1&limit=2');
    expect(first.data.map(({ sequence }: { sequence: number }) => sequence)).toEqual([2, 3]);
    expect(first.next_after).toBe(3);
    const { body: second } = await events(place, '?after=3&limit=2');
    expect(second.data.map(({ sequence }: { sequence: number }) => sequence)).toEqual([4, 5]);
    expect(second.next_after).toBeNull();
    expect((await events(place, '?after=5')).body).toEqual({ data: [], next_after: null });
  });

  it.each(['after=-1', 'after=1.5', 'after=x', 'after=99999999999', 'limit=0', 'limit=201'])('refuses ?%s with 400', async (query) => {
    const place = await newPlace(api);
    expect((await events(place, `?${query}`)).status).toBe(400);
  });

  it('is 404 for an experiment that is not there', async () => {
    const { project } = await newPlace(api);
    const { status, body } = await events({ project, experiment: 'f'.repeat(32) });
    expect([status, body.code]).toEqual([404, 'experiment_not_found']);
  });
});
