import { poisonModels } from '@vergeai/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, startApi, type TestApi } from '../support/api.js';
import { askTicket, expectNothingKept, expectProblem, newPlace, putRaw, ticketWays, type Place, type Ticket } from '../support/uploads.js';

/** Poison only for who expects the other format: an upload says by its bytes what it is. */
const otherFormat = ['json: a safetensors model', 'safetensors: a JSON model'];
/** Poison as a file of its format; as an upload it has a code of its own, or is known for the other format. */
const empty = poisonModels().filter(({ bytes }) => bytes.length === 0);
const poisons = poisonModels().filter(({ name, loneOffence, bytes }) => loneOffence && bytes.length > 0 && !otherFormat.includes(name));

it('there are at least 120 models that are poison on their own', () => {
  expect(poisons.length).toBeGreaterThanOrEqual(120);
});

describe.each(databases)('as a start model on %s', (database) => {
  let api: TestApi;
  let place: Place;
  let ticket: Ticket;
  beforeAll(async () => {
    api = await startApi(database);
    place = await newPlace(api);
    ticket = await askTicket(api, place);
  });
  afterAll(() => api.close());

  it.each(poisons)('$name is refused with 422 and a pointer', async ({ name, format, bytes, pointer }) => {
    const [, upload] = ticketWays[name.length % 2]!;
    const reply = await upload(ticket, bytes);
    expectProblem(reply, 422, 'invalid_model');
    const { path, message } = reply.body.errors[0];
    expect(path).toMatch(/^\/model/);
    expect(message).toBe(reply.body.detail);
    const takenFor = bytes.subarray(0, 8).includes(0) ? 'safetensors' : 'json';
    expect(path).toBe(pointer !== undefined && takenFor === format ? `/model${pointer}` : path);
  });

  it.each(empty)('$name is refused with 400 empty_model', async ({ bytes }) => {
    expectProblem(await putRaw(ticket, bytes), 400, 'empty_model');
  });

  it('and after all of them nothing is kept, and the same ticket takes a good one', async () => {
    await expectNothingKept(api, place);
    expect((await putRaw(ticket, '{"w":[1]}')).status).toBe(204);
  });
});
