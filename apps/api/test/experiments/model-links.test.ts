import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, newUser, send, startApi, type TestApi } from '../support/api.js';
import { timeOfDay } from '../support/clock.js';
import { askTicket, expectProblem, newPlace, submitText, type Place } from '../support/uploads.js';

const HOUR = 60 * 60 * 1000;

describe.each(databases)('links to models on %s', (database) => {
  let api: TestApi;
  const beginning = Date.now();
  let skew = 0;
  beforeAll(async () => {
    api = await startApi(database, {}, { clock: timeOfDay(() => beginning + skew) });
  });
  afterAll(() => api.close());

  async function linkTo(which: 'start_model' | 'current_model', { project, experiment }: Place, key = api.adminKey): Promise<string> {
    const { status, body } = await send(api, 'GET', `/v1/experiment/${which}/${project}/${experiment}`, { key });
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual(['model_url']);
    return body.model_url as string;
  }

  async function withModel(key = api.adminKey): Promise<Place> {
    const place = await newPlace(api, key);
    expect((await submitText(api, place, '{"w":[1]}', key)).status).toBe(204);
    return place;
  }

  it.each(['start_model', 'current_model'] as const)('%s gives a URL on which GET returns the model itself, without a key', async (which) => {
    const url = await linkTo(which, await withModel());
    expect(url).toMatch(new RegExp(`^${api.url}/v1/download\\?ticket=`));
    const { status, text } = await send(api, 'GET', url);
    expect([status, text]).toEqual([200, '{"w":[1]}']);
  });

  it('works as often as it is used, within its hour', async () => {
    const url = await linkTo('start_model', await withModel());
    for (let uses = 0; uses < 3; uses++) expect((await send(api, 'GET', url)).status).toBe(200);
  });

  it.each(['start_model', 'current_model'] as const)('%s is 400 start_model_missing before there is one', async (which) => {
    const { project, experiment } = await newPlace(api);
    expectProblem(await send(api, 'GET', `/v1/experiment/${which}/${project}/${experiment}`, { key: api.adminKey }), 400, 'start_model_missing');
  });

  it.each(['start_model', 'current_model'] as const)('%s is 404 for an experiment that is not there', async (which) => {
    const { project } = await newPlace(api);
    expectProblem(await send(api, 'GET', `/v1/experiment/${which}/${project}/${'f'.repeat(32)}`, { key: api.adminKey }), 404, 'experiment_not_found');
  });

  it('is 403 ticket_expired after an hour', async () => {
    const url = await linkTo('start_model', await withModel());
    skew = HOUR - 5000;
    expect((await send(api, 'GET', url)).status).toBe(200);
    skew = HOUR + 1;
    const reply = await send(api, 'GET', url);
    skew = 0;
    expectProblem(reply, 403, 'ticket_expired');
  });

  it('ends with the key it was asked for with', async () => {
    const { key } = await newUser(api);
    const url = await linkTo('start_model', await withModel(key), key);
    const { body: keys } = await send(api, 'GET', '/v1/auth/list', { key });
    await send(api, 'POST', '/v1/auth/revoke', { key, json: { key_id: keys.data[0].key_id } });
    expectProblem(await send(api, 'GET', url), 401, 'key_invalid');
  });

  it('ends with the membership of whoever asked for it', async () => {
    const place = await withModel();
    const member = await newUser(api);
    await send(api, 'POST', '/v1/project/add_member', { key: api.adminKey, json: { project_id: place.project, user_id: member.userId, permission_level: 1 } });
    const url = await linkTo('start_model', place, member.key);
    expect((await send(api, 'GET', url)).status).toBe(200);
    await send(api, 'POST', '/v1/project/remove_member', { key: api.adminKey, json: { project_id: place.project, user_id: member.userId } });
    expectProblem(await send(api, 'GET', url), 404, 'project_not_found');
  });

  it('ends with the project', async () => {
    const place = await withModel();
    const url = await linkTo('start_model', place);
    await send(api, 'POST', '/v1/project/delete', { key: api.adminKey, json: { project_id: place.project } });
    expectProblem(await send(api, 'GET', url), 404, 'project_not_found');
  });

  describe('403 ticket_invalid', () => {
    it.each([
      ['no ticket', () => ''],
      ['a ticket without a signature', (ticket: string) => ticket.split('.')[0]!],
      ['a changed payload', (ticket: string) => `A${ticket.slice(1)}`],
      ['a changed signature', (ticket: string) => ticket.slice(0, -2) + (ticket.endsWith('AA') ? 'BB' : 'AA')],
      ['a third part', (ticket: string) => `${ticket}.x`],
    ])('for %s', async (_what, change) => {
      const url = new URL(await linkTo('start_model', await withModel()));
      url.searchParams.set('ticket', change(url.searchParams.get('ticket')!));
      expectProblem(await send(api, 'GET', url.href), 403, 'ticket_invalid');
    });

    it('for an upload ticket', async () => {
      const { fields } = await askTicket(api, await newPlace(api));
      expectProblem(await send(api, 'GET', `/v1/download?ticket=${fields['ticket']}`), 403, 'ticket_invalid');
    });

    it('for two tickets', async () => {
      const url = await linkTo('start_model', await withModel());
      expectProblem(await send(api, 'GET', `${url}&ticket=x`), 403, 'ticket_invalid');
    });
  });

  it('says 404 model_not_found, not to be cached, when the bytes are gone', async () => {
    const place = await withModel();
    const url = await linkTo('start_model', place);
    const { blobKey } = await api.ctx.db.prisma.storedModel.findFirstOrThrow({ where: { experimentId: place.experiment } });
    await api.ctx.storage.remove(blobKey);
    const reply = await send(api, 'GET', url);
    expectProblem(reply, 404, 'model_not_found');
    expect(reply.headers.get('cache-control')).toBe('no-store');
    expect(reply.headers.get('etag')).toBeNull();
    expect(reply.headers.get('content-disposition')).toBeNull();
  });
});
