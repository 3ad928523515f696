import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, startApi, type Reply, type TestApi } from '../support/api.js';
import { jsonOfSize, safetensorsHead, zeroSafetensors } from '../support/models.js';
import { askTicket, expectNothingKept, expectProblem, newPlace, openRequest, postForm, putRaw, putUrl, nothingStaged, submitText, type Place, type Ticket } from '../support/uploads.js';


const JSON_LIMIT = 100_000;
const LIMIT = 300_000;
const MiB = 1024 * 1024;

describe.each(databases)('a client whose upload is refused on %s', (database) => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi(database, { MAX_JSON_MODEL_BYTES: String(JSON_LIMIT), MAX_MODEL_BYTES: String(LIMIT) });
  });
  afterAll(() => api.close());

  /** Sends without a Content-Length, so that only counting helps. */
  function chunked(url: string, method: string, headers: Record<string, string>, chunks: Iterable<Uint8Array>): Promise<Reply> {
    const { req, reply } = openRequest(url, method, headers);
    for (const chunk of chunks) req.write(chunk);
    req.end();
    return reply;
  }

  function* repeat(first: Uint8Array, chunk: Uint8Array, times: number) {
    yield first;
    for (let at = 0; at < times; at++) yield chunk;
  }

  const jsonChunks = () => repeat(Buffer.from('{"w":['), Buffer.from('0,'.repeat(32 * 1024)), 100);
  const zeros = new Uint8Array(64 * 1024);
  const safetensorsChunks = () =>
    repeat(safetensorsHead(JSON.stringify({ w: { dtype: 'U8', shape: [100 * zeros.length], data_offsets: [0, 100 * zeros.length] } })), zeros, 100);
  const octets = { 'Content-Type': 'application/octet-stream' };

  const inlineHeaders = () => ({ Authorization: api.adminKey, 'Content-Type': 'application/json' });
  function* inlineChunks({ project, experiment }: Place) {
    yield Buffer.from(`{"project_id":"${project}","experiment_id":"${experiment}","model":`);
    yield* jsonChunks();
    yield Buffer.from('0]}}');
  }

  function* formChunks({ fields }: Ticket, chunks: Iterable<Uint8Array>) {
    for (const [name, value] of Object.entries(fields)) yield Buffer.from(`--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`);
    yield Buffer.from('--b\r\nContent-Disposition: form-data; name="file"; filename="m"\r\n\r\n');
    yield* chunks;
    yield Buffer.from('\r\n--b--\r\n');
  }
  const formType = { 'Content-Type': 'multipart/form-data; boundary=b' };

  const ways: [string, (place: Place) => Promise<Reply>][] = [
    ['JSON inline', (place) => submitText(api, place, jsonOfSize(JSON_LIMIT + 1).toString())],
    ['6 MiB of JSON inline', (place) => submitText(api, place, jsonOfSize(6 * MiB).toString())],
    ['JSON inline without a length', (place) => chunked(`${api.url}/v1/experiment/submit_start_model`, 'POST', inlineHeaders(), inlineChunks(place))],
    ['JSON by form', async (place) => postForm(await askTicket(api, place), jsonOfSize(JSON_LIMIT + 1))],
    ['JSON by PUT', async (place) => putRaw(await askTicket(api, place), jsonOfSize(JSON_LIMIT + 1))],
    ['JSON by PUT without a length', async (place) => chunked(putUrl(await askTicket(api, place)), 'PUT', octets, jsonChunks())],
    ['JSON by form without a length', async (place) => chunked(`${api.url}/v1/upload`, 'POST', formType, formChunks(await askTicket(api, place), jsonChunks()))],
    ['safetensors by form', async (place) => postForm(await askTicket(api, place), zeroSafetensors(LIMIT))],
    ['safetensors by PUT', async (place) => putRaw(await askTicket(api, place), zeroSafetensors(LIMIT))],
    ['6 MiB of safetensors by form', async (place) => postForm(await askTicket(api, place), zeroSafetensors(6 * MiB))],
    ['6 MiB of safetensors by PUT', async (place) => putRaw(await askTicket(api, place), zeroSafetensors(6 * MiB))],
    ['safetensors by PUT without a length', async (place) => chunked(putUrl(await askTicket(api, place)), 'PUT', octets, safetensorsChunks())],
    ['safetensors by form without a length', async (place) => chunked(`${api.url}/v1/upload`, 'POST', formType, formChunks(await askTicket(api, place), safetensorsChunks()))],
  ];

  describe('reads 413 model_too_large, and nothing is kept', () => {
    it.each(ways)('%s', async (_what, upload) => {
      const place = await newPlace(api);
      expectProblem(await upload(place), 413, 'model_too_large');
      await expectNothingKept(api, place);
    });
  });

  it.each([
    ['JSON inline', async (place: Place) => submitText(api, place, jsonOfSize(JSON_LIMIT).toString())],
    ['JSON by PUT', async (place: Place) => putRaw(await askTicket(api, place), jsonOfSize(JSON_LIMIT))],
    ['safetensors by form', async (place: Place) => postForm(await askTicket(api, place), zeroSafetensors(LIMIT - 75))],
  ])('is let through at exactly the limit: %s', async (_what, upload) => {
    expect(zeroSafetensors(LIMIT - 75)).toHaveLength(LIMIT);
    expect((await upload(await newPlace(api))).status).toBe(204);
  });

  it('reads 413 body_too_large when the rest of the body is more than 256 KiB', async () => {
    const place = await newPlace(api);
    for (const body of [
      `{"project_id":"${place.project}","x":"${'x'.repeat(300 * 1024)}"}`,
      `{"model":{"w":1},"project_id":"${place.project}","x":"${'x'.repeat(300 * 1024)}"}`,
    ])
      expectProblem(await chunked(`${api.url}/v1/experiment/submit_start_model`, 'POST', inlineHeaders(), [Buffer.from(body)]), 413, 'body_too_large');
    await nothingStaged(api);
  });

  describe('reads why even though it has 20 MiB to send', () => {
    const big = randomBytes(20 * MiB);
    let roomy: TestApi;
    beforeAll(async () => {
      roomy = await startApi(database);
    });
    afterAll(() => roomy.close());

    it.each([
      ['a ticket nobody made, by form', () => postForm({ url: `${api.url}/v1/upload`, fields: { key: 'k', ticket: 'forged' } }, big), 403, 'ticket_invalid'],
      ['a ticket nobody made, by PUT', () => putRaw({ url: `${api.url}/v1/upload`, fields: { key: 'k', ticket: 'forged' } }, big), 403, 'ticket_invalid'],
      ['no file in the form', () => postForm({ url: `${api.url}/v1/upload`, fields: {} }, big, { fileName: 'model' }), 400, 'invalid_request'],
      ['no key', async () => submitText(api, await newPlace(api), big.toString('base64'), 'nobody'), 401, 'key_invalid'],
      ['a wrong type', async () => putRaw(await askTicket(roomy, await newPlace(roomy)), big, { 'Content-Type': 'text/plain' }), 415, 'unsupported_media_type'],
    ] as [string, () => Promise<Reply>, number, string][])('%s', async (_what, upload, status, code) => {
      for (let times = 0; times < 3; times++) expectProblem(await upload(), status, code);
    });
  });
});
