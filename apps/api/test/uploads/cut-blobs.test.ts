import { readFile, truncate } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { send, startApi, type TestApi } from '../support/api.js';
import { smallSafetensors } from '../support/models.js';
import { askTicket, blobsOf, expectProblem, newPlace, putRaw } from '../support/uploads.js';
import { dial } from '../support/wire.js';

describe('a model of which the disk has lost the end', () => {
  let api: TestApi;
  /** From where on reads come to an end although the file has more. */
  let endsAt = Number.POSITIVE_INFINITY;
  beforeAll(async () => {
    api = await startApi('sqlite', { LOG_LEVEL: 'silent' }, {
      change: (ctx) => ({
        ...ctx,
        storage: new Proxy(ctx.storage, {
          get(storage, name) {
            if (name === 'read') return async (...args: Parameters<typeof storage.read>) => ending(await storage.read(...args));
            const value: unknown = Reflect.get(storage, name);
            return typeof value === 'function' ? (value as () => unknown).bind(storage) : value;
          },
        }),
      }),
    });
  });
  afterAll(() => api.close());

  const ending = (stream: Readable) => (endsAt === Number.POSITIVE_INFINITY ? stream : Readable.from(cut(stream, endsAt)));

  async function* cut(stream: Readable, at: number) {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      yield chunk.subarray(0, at);
      return;
    }
  }

  async function stored() {
    const place = await newPlace(api);
    const bytes = smallSafetensors();
    expect((await putRaw(await askTicket(api, place), bytes)).status).toBe(204);
    const [blob] = await blobsOf(api, place.project);
    const { body } = await send(api, 'GET', `/v1/experiment/start_model/${place.project}/${place.experiment}`, { key: api.adminKey });
    return { bytes, file: path.join(api.dataDir, 'blobs', 'models', place.project, blob!), link: body.model_url as string };
  }

  it('is refused at once, and not begun', async () => {
    const { file, link, bytes } = await stored();
    await truncate(file, 10);
    const reply = await send(api, 'GET', link);
    expectProblem(reply, 500, 'internal_error');
    for (const header of ['etag', 'content-disposition', 'accept-ranges', 'content-range']) expect(reply.headers.get(header), header).toBeNull();
    const part = await send(api, 'GET', link, { headers: { Range: 'bytes=2-9' } });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 2-9/${bytes.length}`]);
    expect((await readFile(file)).subarray(2, 10).equals(Buffer.from(part.text, 'latin1'))).toBe(true);
    expectProblem(await send(api, 'GET', link, { headers: { Range: 'bytes=2-20' } }), 500, 'internal_error');
  });

  it('is 416 for a range behind what is there, and behind what there was', async () => {
    const { file, link, bytes } = await stored();
    await truncate(file, 10);
    for (const range of ['bytes=10-', 'bytes=10-20', `bytes=${bytes.length}-`, 'bytes=999999-']) {
      const reply = await send(api, 'GET', link, { headers: { Range: range } });
      expectProblem(reply, 416, 'range_not_satisfiable');
      expect(reply.headers.get('content-range')).toBe(`bytes */${bytes.length}`);
    }
  });

  it('ends the connection when that happens during the download', async () => {
    const { link, bytes } = await stored();
    endsAt = 7;
    try {
      await expect(fetch(link).then((response) => response.arrayBuffer())).rejects.toThrow('terminated');
      const { pathname, search } = new URL(link);
      const wire = await dial(api.url);
      wire.socket.write(`GET ${pathname}${search} HTTP/1.1\r\nHost: x\r\n\r\n`);
      await wire.closed;
      expect(wire.text()).toContain(`Content-Length: ${bytes.length}`);
      expect(wire.text().split('\r\n\r\n')[1]).toHaveLength(7);
    } finally {
      endsAt = Number.POSITIVE_INFINITY;
    }
  });
});
