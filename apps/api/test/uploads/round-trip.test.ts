import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, send, startApi, type TestApi } from '../support/api.js';
import { jsonOfSize, sha256, smallSafetensors, zeroSafetensors } from '../support/models.js';
import { askTicket, download, getExperiment, newPlace, openRequest, putUrl, nothingStaged, submitText, ticketWays, type Place } from '../support/uploads.js';

const oddJson = Buffer.from('{\r\n\t"größe 🙂\\u0041/~": [ [1.50, -0, 1E+2] ,[5e-324,1.7976931348623157e308, 12345678901234567890]],\n"scalar":0.1,"empty":[[],[]]}');

const models: [what: string, bytes: Buffer, type: string][] = [
  ['JSON as nobody would write it', oddJson, 'application/json'],
  ['1 MiB of JSON', jsonOfSize(1024 * 1024), 'application/json'],
  ['safetensors', smallSafetensors(), 'application/octet-stream'],
  ['5 MiB of safetensors', zeroSafetensors(5 * 1024 * 1024 + 3), 'application/octet-stream'],
];

describe.each(databases)('a start model on %s', (database) => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi(database);
  });
  afterAll(() => api.close());

  async function expectServed(place: Place, bytes: Buffer, type: string): Promise<void> {
    const model = { entity_id: place.experiment, name: `${place.project}/${place.experiment}/start_model`, size: String(bytes.length) };
    expect(await getExperiment(api, place)).toMatchObject({ start_model: model, current_model: model });
    const served = await download(api, place);
    expect(served.status).toBe(200);
    expect(sha256(served.bytes)).toBe(sha256(bytes));
    expect(served.headers.get('content-length')).toBe(String(bytes.length));
    expect(served.headers.get('content-type')).toMatch(new RegExp(`^${type}`));
    expect(served.headers.get('etag')).toBe(`"${sha256(bytes)}"`);
    await nothingStaged(api);
  }

  describe('comes back byte for byte as it was sent', () => {
    it.each(models.slice(0, 2))('%s, inline', async (_what, bytes, type) => {
      const place = await newPlace(api);
      expect((await submitText(api, place, bytes.toString())).status).toBe(204);
      await expectServed(place, bytes, type);
    });

    describe.each(ticketWays)('by %s', (_way, upload) => {
      it.each(models)('%s', async (_what, bytes, type) => {
        const place = await newPlace(api);
        const reply = await upload(await askTicket(api, place), bytes);
        expect([reply.status, reply.text]).toEqual([204, '']);
        await expectServed(place, bytes, type);
      });
    });

    it.each(['application/json', 'application/octet-stream', 'application/x-safetensors', undefined])('whatever a PUT says of its type: %s', async (type) => {
      const place = await newPlace(api);
      const { req, reply } = openRequest(putUrl(await askTicket(api, place)), 'PUT', type ? { 'Content-Type': type } : {});
      req.end(smallSafetensors());
      expect((await reply).status).toBe(204);
      await expectServed(place, smallSafetensors(), 'application/octet-stream');
    });

    it('inline, one byte at a time', async () => {
      const place = await newPlace(api);
      const body = Buffer.from(`{"model":${oddJson.toString()},"project_id":"${place.project}","experiment_id":"${place.experiment}"}`);
      const { req, reply } = openRequest(`${api.url}/v1/experiment/submit_start_model`, 'POST', { Authorization: api.adminKey, 'Content-Type': 'application/json' });
      req.setNoDelay(true);
      for (const byte of body) await new Promise((resolve) => req.write(Uint8Array.of(byte), resolve));
      req.end();
      expect((await reply).status).toBe(204);
      await expectServed(place, oddJson, 'application/json');
    });

    it.each([oddJson, smallSafetensors()])('by PUT, one byte at a time (%#)', async (bytes) => {
      const place = await newPlace(api);
      const { req, reply } = openRequest(putUrl(await askTicket(api, place)), 'PUT', { 'Content-Type': 'application/octet-stream' });
      req.setNoDelay(true);
      for (const byte of bytes) await new Promise((resolve) => req.write(Uint8Array.of(byte), resolve));
      req.end();
      expect((await reply).status).toBe(204);
      await expectServed(place, bytes, bytes === oddJson ? 'application/json' : 'application/octet-stream');
    });

    it('by form, one byte at a time, even with its own boundary nearly inside', async () => {
      const place = await newPlace(api);
      const { url, fields } = await askTicket(api, place);
      const bytes = Buffer.from('{"--edge":[1,\r\n-1,\r\n\r\n-2]}\r\n\r');
      const parts = Object.entries(fields).map(([name, value]) => `--edge\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`);
      const body = Buffer.concat([
        Buffer.from(`${parts.join('')}--edge\r\nContent-Disposition: form-data; name="file"; filename="m"\r\nContent-Type: application/octet-stream\r\n\r\n`),
        bytes,
        Buffer.from('\r\n--edge--\r\n'),
      ]);
      const { req, reply } = openRequest(url, 'POST', { 'Content-Type': 'multipart/form-data; boundary=edge' });
      req.setNoDelay(true);
      for (const byte of body) await new Promise((resolve) => req.write(Uint8Array.of(byte), resolve));
      req.end();
      expect((await reply).status).toBe(204);
      await expectServed(place, bytes, 'application/json');
    });
  });

  it('counts and names its tensors in the log', async () => {
    const place = await newPlace(api);
    await submitText(api, place, oddJson.toString());
    const { body } = await send(api, 'GET', `/v1/experiment/events/${place.project}/${place.experiment}?after=1`, { key: api.adminKey });
    expect(body.data[0].data).toEqual({ size: oddJson.length, sha256: sha256(oddJson), format: 'json', tensors: 3 });
  });

  describe('is served', () => {
    let place: Place;
    const bytes = zeroSafetensors(1000);
    const etag = `"${sha256(bytes)}"`;
    beforeAll(async () => {
      place = await newPlace(api);
      await ticketWays[1][1](await askTicket(api, place), bytes);
    });

    it.each([
      ['bytes=0-0', 0, 0],
      ['bytes=0-99', 0, 99],
      ['bytes=500-', 500, bytes.length - 1],
      ['bytes=-10', bytes.length - 10, bytes.length - 1],
      ['bytes=7-9999999', 7, bytes.length - 1],
      [`bytes=-${bytes.length}`, 0, bytes.length - 1],
    ])('in part for Range: %s', async (range, start, end) => {
      const { status, headers, bytes: part } = await download(api, place, { Range: range });
      expect([status, headers.get('content-range')]).toEqual([206, `bytes ${start}-${end}/${bytes.length}`]);
      expect(part.equals(bytes.subarray(start, end + 1))).toBe(true);
      expect(headers.get('content-length')).toBe(String(part.length));
    });

    it.each(['bytes=0-1,5-6', 'bytes=-9999999', 'bytes=abc', 'lines=0-1', 'bytes='])('whole for a Range it does not do: %s', async (range) => {
      const { status, bytes: whole } = await download(api, place, { Range: range });
      expect([status, whole.length]).toEqual([200, bytes.length]);
    });

    it.each([`bytes=${bytes.length}-`, 'bytes=999999-9999999', 'bytes=-0', 'bytes=5-2'])('not at all, with 416, for a Range outside: %s', async (range) => {
      const { status, headers, bytes: text } = await download(api, place, { Range: range });
      expect([status, headers.get('content-range'), headers.get('cache-control')]).toEqual([416, `bytes */${bytes.length}`, 'no-store']);
      expect(JSON.parse(text.toString()).code).toBe('range_not_satisfiable');
    });

    it('in part when If-Range names these bytes, whole when it names others', async () => {
      expect((await download(api, place, { Range: 'bytes=0-9', 'If-Range': etag })).bytes).toHaveLength(10);
      expect((await download(api, place, { Range: 'bytes=0-9', 'If-Range': '"other"' })).bytes).toHaveLength(bytes.length);
    });

    it.each([etag, `W/${etag}`, `"other", ${etag}`, '*'])('with 304 and no body for If-None-Match: %s', async (header) => {
      const { status, headers, bytes: body } = await download(api, place, { 'If-None-Match': header });
      expect([status, body.length, headers.get('etag')]).toEqual([304, 0, etag]);
    });

    it('whole for If-None-Match of other bytes', async () => {
      expect((await download(api, place, { 'If-None-Match': '"other"' })).status).toBe(200);
    });

    it('without its bytes for HEAD, whatever the Range', async () => {
      for (const headers of [{}, { Range: 'bytes=0-9' }]) {
        const reply = await download(api, place, headers, 'HEAD');
        expect([reply.status, reply.bytes.length]).toEqual([200, 0]);
        expect([reply.headers.get('content-length'), reply.headers.get('etag')]).toEqual([String(bytes.length), etag]);
      }
    });

    it('to many at once', async () => {
      const all = await Promise.all(Array.from({ length: 20 }, () => download(api, place)));
      for (const one of all) expect(one.bytes.equals(bytes)).toBe(true);
    });
  });
});
