import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, send, startApi, type Reply, type TestApi } from '../support/api.js';
import { askTicket, blobsOf, download, expectProblem, newPlace, postForm, putRaw, nothingStaged, submitText, type Place } from '../support/uploads.js';

const AT_ONCE = 20;

describe.each(databases)('%s: of twenty start models at once', (database) => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi(database);
  });
  afterAll(() => api.close());

  /** Each is a little different, and long enough to be under way together. */
  const modelText = (number: number) => `{"w":[${number}${',0'.repeat(50_000)}]}`;

  async function expectOneWinner(place: Place, replies: Reply[], losers: [number, string][]): Promise<void> {
    const winners = replies.flatMap(({ status }, number) => (status === 204 ? [number] : []));
    expect(winners, JSON.stringify(replies.map(({ status, body }) => [status, body?.code]))).toHaveLength(1);
    for (const reply of replies.filter(({ status }) => status !== 204)) expect(losers).toContainEqual([reply.status, reply.body.code]);
    expect((await download(api, place)).bytes.toString()).toBe(modelText(winners[0]!));
    expect(await api.ctx.db.prisma.storedModel.count({ where: { experimentId: place.experiment } })).toBe(1);
    expect(await blobsOf(api, place.project)).toHaveLength(1);
    await nothingStaged(api);
    const { body } = await send(api, 'GET', `/v1/experiment/events/${place.project}/${place.experiment}`, { key: api.adminKey });
    expect(body.data.map(({ type }: { type: string }) => type)).toEqual(['experiment_created', 'start_model_submitted']);
  }

  const numbers = Array.from({ length: AT_ONCE }, (_, number) => number);

  it('inline, exactly one wins and is the one that is served', async () => {
    const place = await newPlace(api);
    const replies = await Promise.all(numbers.map((number) => submitText(api, place, modelText(number))));
    await expectOneWinner(place, replies, [[400, 'start_model_already_submitted']]);
  });

  it('with a ticket each, exactly one wins and is the one that is served', async () => {
    const place = await newPlace(api);
    const tickets = await Promise.all(numbers.map(() => askTicket(api, place)));
    const replies = await Promise.all(tickets.map((ticket, number) => (number % 2 ? postForm : putRaw)(ticket, modelText(number))));
    await expectOneWinner(place, replies, [[400, 'start_model_already_submitted']]);
  });

  it('with one and the same ticket, exactly one wins and is the one that is served', async () => {
    const place = await newPlace(api);
    const ticket = await askTicket(api, place);
    const replies = await Promise.all(numbers.map((number) => (number % 2 ? postForm : putRaw)(ticket, modelText(number))));
    await expectOneWinner(place, replies, [
      [400, 'ticket_used'],
      [400, 'start_model_already_submitted'],
    ]);
  });

  it('for as many experiments, all are taken', async () => {
    const places = await Promise.all(numbers.map(() => newPlace(api)));
    const replies = await Promise.all(places.map((place, number) => submitText(api, place, modelText(number))));
    expect(replies.map(({ status }) => status)).toEqual(numbers.map(() => 204));
    for (const [number, place] of places.entries()) expect((await download(api, place)).bytes.toString()).toBe(modelText(number));
  });

  it('against the deletion of their project, none is left behind', async () => {
    const place = await newPlace(api);
    const uploads = numbers.map((number) => submitText(api, place, modelText(number)));
    const deleted = send(api, 'POST', '/v1/project/delete', { key: api.adminKey, json: { project_id: place.project } });
    for (const reply of await Promise.all(uploads)) {
      expect([204, 400, 404, 409]).toContain(reply.status);
      if (reply.status !== 204) expectProblem(reply, reply.status, reply.body.code);
    }
    expect((await deleted).status).toBe(200);
    expect(await api.ctx.db.prisma.storedModel.count({ where: { projectId: place.project } })).toBe(0);
    await nothingStaged(api);
    expect(await blobsOf(api, place.project)).toEqual([]);
  });
});
