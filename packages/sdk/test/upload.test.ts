import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { eventually, faultServer, html, json, noContent, problem, refuseEarly, reset, type Behaviour, type FaultServer, type SeenRequest } from '@vergeai/testkit';
import { APIError, PayloadTooLarge, TimeoutError, VergeAI, VergeAIError, type ModelInput, type UploadOptions, type UploadProgress } from '../src/index.js';

const apiKey = 'test-key-0123456789';
const ids = { project_id: 'p'.repeat(32), experiment_id: 'e'.repeat(32) };

const ticket: Behaviour = (request, response, raw) =>
  json(200, { model_url: { url: `http://${request.headers.host}/v1/upload`, fields: { key: 'a/b c', ticket: 'signed&sealed' } } })(request, response, raw);

const submit = (server: FaultServer, model: ModelInput, options?: UploadOptions) =>
  new VergeAI({ apiKey, baseUrl: server.url }).Experiment.submit_start_model({ ...ids, model }, options);

const puts = (server: FaultServer): SeenRequest[] => server.seen.filter((request) => request.method === 'PUT');

const safetensors = Buffer.concat([Buffer.from([2, 0, 0, 0, 0, 0, 0, 0]), Buffer.from('{}'), Buffer.alloc(600_000, 7)]);
const jsonBytes = Buffer.from(' {"w":[1,2]}');

/** One after another, not all at once. */
async function* inTurn(...chunks: Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) {
    await new Promise((resolve) => setImmediate(resolve));
    yield chunk;
  }
}

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(path.join(tmpdir(), 'sdk-upload-'))));
afterAll(() => rm(folder, { recursive: true }));
beforeEach(() => void vi.spyOn(Math, 'random').mockReturnValue(0));
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('a model', () => {
  it('travels inside the request when it is a small dictionary', async () => {
    await using server = await faultServer(noContent);
    expect(await submit(server, { w: [[1, 2.5]] })).toEqual({ statusCode: 204, body: {} });
    expect(server.seen.map(({ body }) => JSON.parse(body.toString()))).toEqual([{ ...ids, model: { w: [[1, 2.5]] } }]);
  });

  it('travels by ticket when it is a large dictionary, with the bytes JSON.stringify would make', async () => {
    const rows = Array.from({ length: 3000 }, (_, i) => Array.from({ length: 100 }, (__, j) => Math.sin(i * 100 + j)));
    const model = { 'layer "1"': rows, bias: [1e-9, -0, 5], scalar: 3, none: [], nested: [[[]], [[1]]] };
    await using server = await faultServer(ticket, noContent);
    expect(await submit(server, model)).toEqual({ statusCode: 204, body: {} });
    expect(JSON.parse(server.seen[0]!.body.toString())).toEqual(ids);
    expect(puts(server)[0]?.headers['content-type']).toBe('application/json');
    expect(puts(server)[0]?.body.equals(Buffer.from(JSON.stringify(model)))).toBe(true);
  });

  it.each<[string, (file: string) => ModelInput, Buffer, boolean]>([
    ['bytes', () => new Uint8Array(safetensors), safetensors, true],
    ['an ArrayBuffer', () => new Uint8Array(safetensors).buffer, safetensors, true],
    ['a Blob', () => new Blob([safetensors]), safetensors, true],
    ['a File', () => new File([jsonBytes], 'model.json'), jsonBytes, true],
    ['the path of a file', (file) => file, safetensors, true],
    ['a web stream', () => new Blob([safetensors]).stream(), safetensors, false],
    ['a Node stream', () => Readable.from([jsonBytes.subarray(0, 3), jsonBytes.subarray(3)]), jsonBytes, false],
    ['an async iterable', () => inTurn(safetensors.subarray(0, 3), safetensors.subarray(3, 7), safetensors.subarray(7)), safetensors, false],
  ])('travels by ticket when it is %s', async (_, make, bytes, knowsLength) => {
    const file = path.join(folder, 'model.safetensors');
    await writeFile(file, safetensors);
    await using server = await faultServer(ticket, noContent);
    expect(await submit(server, make(file))).toEqual({ statusCode: 204, body: {} });
    const [put] = puts(server);
    expect(put?.body.equals(bytes)).toBe(true);
    expect(put?.url).toBe('/v1/upload?key=a%2Fb+c&ticket=signed%26sealed');
    expect(put?.headers['content-type']).toBe(bytes === jsonBytes ? 'application/json' : 'application/octet-stream');
    expect(put?.headers['content-length']).toBe(knowsLength ? String(bytes.length) : undefined);
    expect(put?.headers.authorization).toBeUndefined();
  });

  it('gives the ticket when it is left out', async () => {
    await using server = await faultServer(ticket);
    const { statusCode, body } = await new VergeAI({ apiKey, baseUrl: server.url }).Device.submit_model_update({ project_id: 'p', job_id: 'j' });
    expect(statusCode).toBe(200);
    expect(body.model_url.fields).toEqual({ key: 'a/b c', ticket: 'signed&sealed' });
  });

  it('goes to where the job said, with what the device reports, as JSON, and without asking', async () => {
    await using server = await faultServer(noContent);
    const upload = { url: `${server.url}/v1/upload`, fields: { key: 'a/b c', ticket: 'signed&sealed' } };
    const { Device } = new VergeAI({ apiKey, baseUrl: server.url });
    const told = { project_id: 'p', job_id: 'j', num_examples: 2.5, metrics: { 'a "b"': 1e-9 } };
    expect(await Device.submit_model_update({ ...told, model: safetensors }, { upload })).toEqual({ statusCode: 200, body: {} });
    expect(await Device.submit_model_update({ project_id: 'p', job_id: 'j', model: safetensors }, { upload })).toEqual({ statusCode: 200, body: {} });
    expect(server.seen.map(({ method, headers }) => [method, headers.authorization])).toEqual([['PUT', undefined], ['PUT', undefined]]);
    const [first, second] = server.seen.map(({ url }) => Object.fromEntries(new URL(url, server.url).searchParams));
    expect(first).toEqual({ ...upload.fields, num_examples: '2.5', metrics: '{"a \\"b\\"":1e-9}' });
    expect(second).toEqual(upload.fields);
  });

  it('asks for a ticket all the same when there is more to report than a URL can hold, or the model fits into the request', async () => {
    const metrics = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`the metric with the number ${n}`, n / 7]));
    await using server = await faultServer(ticket, noContent, noContent);
    const upload = { url: `${server.url}/v1/upload`, fields: { ticket: 'came with the job' } };
    const { Device } = new VergeAI({ apiKey, baseUrl: server.url });
    await Device.submit_model_update({ project_id: 'p', job_id: 'j', metrics, model: safetensors }, { upload });
    expect(JSON.parse(server.seen[0]!.body.toString())).toEqual({ project_id: 'p', job_id: 'j', metrics });
    expect(puts(server)[0]?.url).toBe('/v1/upload?key=a%2Fb+c&ticket=signed%26sealed');
    await Device.submit_model_update({ project_id: 'p', job_id: 'j', model: { w: [1] } }, { upload });
    expect(server.seen[2]?.url).toBe('/v1/device/submit_model_update');
  });

  it('is sent as the caller says when they say a format', async () => {
    await using server = await faultServer(ticket, noContent);
    await submit(server, jsonBytes, { format: 'safetensors' });
    expect(puts(server)[0]?.headers['content-type']).toBe('application/octet-stream');
  });

  it('tells how far it got', async () => {
    await using server = await faultServer(ticket, noContent);
    const seen: UploadProgress[] = [];
    await submit(server, new Uint8Array(safetensors), { onProgress: (progress) => seen.push(progress) });
    expect(seen.length).toBeGreaterThan(2);
    expect(seen.at(-1)).toEqual({ loaded: safetensors.length, total: safetensors.length });
    expect(seen.map(({ loaded }) => loaded)).toEqual(seen.map(({ loaded }) => loaded).toSorted((a, b) => a - b));
  });
});

describe('an upload that was lost', () => {
  it('is sent again from the start when the source allows it', async () => {
    await using server = await faultServer(ticket, reset, problem(503, 'busy'), noContent);
    await submit(server, new Blob([safetensors]));
    expect(puts(server)).toHaveLength(3);
    expect(puts(server)[2]!.body.equals(safetensors)).toBe(true);
  });

  it('had arrived when the second attempt hears that the ticket is used', async () => {
    await using server = await faultServer(ticket, reset, problem(400, 'ticket_used'));
    expect(await submit(server, new Uint8Array(safetensors))).toEqual({ statusCode: 204, body: {} });
    expect(puts(server)).toHaveLength(2);
  });

  it('had not, when the very first attempt hears it', async () => {
    await using server = await faultServer(ticket, problem(400, 'ticket_used'));
    await expect(submit(server, safetensors)).rejects.toMatchObject({ code: 'ticket_used' });
  });

  it.each([
    ['a page of something in between', html(200)],
    ['another success', json(202, {})],
  ])('is not taken for registered by %s', async (_what, answer) => {
    await using server = await faultServer(ticket, answer);
    const error = await submit(server, new Uint8Array(safetensors)).then(() => undefined, (reason: unknown) => reason);
    expect(error).toBeInstanceOf(APIError);
    expect(String(error)).toMatch(/answered 20[02] .* instead of a problem document/);
  });

  it('is not sent again when the source was a stream', async () => {
    await using server = await faultServer(ticket, reset, noContent);
    await expect(submit(server, inTurn(safetensors))).rejects.toMatchObject({ name: 'ConnectionError' });
    expect(puts(server)).toHaveLength(1);
  });
});

describe('a refused upload', () => {
  it('is a typed error, also when the refusal comes before all bytes are sent, and the source is closed', async () => {
    await using server = await faultServer(ticket, refuseEarly(413, 'model_too_large'));
    const source = new Readable({ read() { this.push(Buffer.alloc(65_536)); } });
    await expect(submit(server, source)).rejects.toThrow(PayloadTooLarge);
    await eventually('the source is closed', () => source.destroyed);
  });

  it('is one about the ticket when none is given', async () => {
    await using server = await faultServer(problem(400, 'start_model_already_submitted'));
    await expect(submit(server, safetensors)).rejects.toMatchObject({ name: 'InvalidRequest', code: 'start_model_already_submitted' });
  });
});

describe('a source', () => {
  it('that fails is reported as it failed, and never retried', async () => {
    await using server = await faultServer(ticket, noContent);
    const broken = new Error('disk on fire');
    async function* failing() {
      yield new Uint8Array(20);
      throw broken;
    }
    await expect(submit(server, failing())).rejects.toBe(broken);
    await expect(submit(server, path.join(folder, 'missing.json'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('that has another size than announced is an error', async () => {
    await using server = await faultServer(ticket, noContent);
    await expect(submit(server, inTurn(safetensors), { size: safetensors.length + 1 })).rejects.toThrow(/ended after 600010 of 600011 bytes/);
    await using again = await faultServer(ticket, noContent);
    await expect(submit(again, inTurn(safetensors), { size: 10 })).rejects.toThrow(/more than the 10 bytes/);
  });

  it.each([null, 7, true])('that is %j is refused before anything is sent', async (model) => {
    await using server = await faultServer(noContent);
    await expect(submit(server, model as never)).rejects.toThrow(VergeAIError);
    expect(server.seen).toHaveLength(0);
  });

  it('that gives something other than bytes is an error', async () => {
    await using server = await faultServer(ticket, noContent);
    await expect(submit(server, Readable.from(['{}']) as AsyncIterable<Uint8Array>)).rejects.toThrow(VergeAIError);
  });

  it('that hangs ends with the timeout, before and after its first byte', async () => {
    const hang = async function* (...first: Uint8Array[]): AsyncGenerator<Uint8Array> {
      yield* first;
      await new Promise(() => {});
    };
    for (const source of [hang(), hang(new Uint8Array(20))]) {
      await using server = await faultServer(ticket, noContent);
      await expect(submit(server, source, { timeoutMs: 1000 })).rejects.toThrow(TimeoutError);
    }
  });

  it('is closed when the caller aborts', async () => {
    await using server = await faultServer(ticket, noContent);
    const source = new Readable({ read() { setImmediate(() => this.push(Buffer.alloc(65_536))); } });
    const abort = new AbortController();
    const upload = submit(server, source, { signal: abort.signal, onProgress: ({ loaded }) => void (loaded > 500_000 && abort.abort()) });
    await expect(upload).rejects.toMatchObject({ name: 'AbortError' });
    await eventually('the source is closed', () => source.destroyed);
    await eventually('the connection is closed', () => server.underWay() === 0);
  });

  it('that is slow does not time out as long as it moves', async () => {
    await using server = await faultServer(ticket, noContent);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    async function* slow() {
      for (let n = 0; n < 5; n++) {
        vi.advanceTimersByTime(1500);
        yield new Uint8Array(10);
      }
    }
    await submit(server, slow(), { timeoutMs: 2000 });
    expect(puts(server)[0]?.body.length).toBe(50);
  });
});

describe('block', () => {
  const shown = json(200, { start_model: { entity_id: 'e', name: 'n', size: '1' } });
  const notYet = json(200, { start_model: {} });
  const blocked = (server: FaultServer) =>
    new VergeAI({ apiKey, baseUrl: server.url }).Experiment.submit_start_model({ ...ids, model: { w: 1 }, block: true });

  it('looks until the experiment shows the model', async () => {
    await using server = await faultServer(noContent, notYet, shown);
    expect(await blocked(server)).toEqual({ statusCode: 204, body: {} });
    expect(server.seen).toHaveLength(3);
  });

  it('ends after a few looks', async () => {
    await using server = await faultServer(noContent, notYet);
    await expect(blocked(server)).rejects.toThrow(TimeoutError);
    expect(server.seen).toHaveLength(6);
  });
});
