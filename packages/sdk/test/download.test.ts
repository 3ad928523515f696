import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { eventually, faultServer, json, problem, type Behaviour, type FaultServer } from '@vergeai/testkit';
import { ConnectionError, IntegrityError, NotFound, TimeoutError, VergeAI, VergeAIError, type DownloadProgress } from '../src/index.js';

const apiKey = 'test-key-0123456789';
const ids = { project_id: 'p', experiment_id: 'e' };
const model = Buffer.from(JSON.stringify({ w: Array.from({ length: 50_000 }, (_, i) => i) }));
const etag = `"${createHash('sha256').update(model).digest('hex')}"`;

const link: Behaviour = (request, response, raw) =>
  json(200, { model_url: `http://${request.headers.host}/v1/download?ticket=signed` })(request, response, raw);

const whole =
  (headers: Record<string, string> = {}, bytes: Buffer = model): Behaviour =>
  (_, response) =>
    void response.writeHead(200, { 'content-type': 'application/json', 'content-length': String(model.length), etag, ...headers }).end(bytes);

/** How far the transfer under way has got. */
let loaded = 0;
const onProgress = (progress: DownloadProgress) => void (loaded = progress.loaded);

/** Sends a part of the model; once the caller has it, the connection is gone: before that, fetch would drop what it has not handed on. */
const breakOff = (response: ServerResponse, from: number, to: number) => {
  response.write(model.subarray(from, to));
  void eventually('the part has arrived', () => loaded === to).then(() => response.destroy());
};

/** Sends the first `length` bytes of the model, then the connection is gone. */
const cutOff =
  (length: number, headers: Record<string, string> = {}): Behaviour =>
  (_, response) => {
    loaded = 0;
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': String(model.length), etag, ...headers });
    breakOff(response, 0, length);
  };

const rest: Behaviour = (request, response) => {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1]);
  response.writeHead(206, { 'content-type': 'application/json', 'content-range': `bytes ${from}-${model.length - 1}/${model.length}`, etag });
  response.end(model.subarray(from));
};

const current = (server: FaultServer) => new VergeAI({ apiKey, baseUrl: server.url }).Experiment.current_model(ids);

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(path.join(tmpdir(), 'sdk-download-'))));
afterAll(() => rm(folder, { recursive: true }));
beforeEach(() => void vi.spyOn(Math, 'random').mockReturnValue(0));
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('a link to a model', () => {
  it('is the signed URL when awaited', async () => {
    await using server = await faultServer(link);
    expect(await current(server)).toEqual({ statusCode: 200, body: { model_url: `${server.url}/v1/download?ticket=signed` } });
    expect(server.seen).toHaveLength(1);
  });

  it('reads as bytes, as JSON, as a stream and as a file', async () => {
    await using server = await faultServer(link, whole(), link, whole(), link, whole(), link, whole());
    expect(model.equals(await current(server).bytes())).toBe(true);
    expect(await current(server).json()).toEqual(JSON.parse(model.toString()));
    expect(model.equals(Buffer.from(await new Response(current(server).stream()).arrayBuffer()))).toBe(true);
    const file = path.join(folder, 'model.json');
    await current(server).toFile(file);
    expect(model.equals(await readFile(file))).toBe(true);
    expect(server.seen.filter(({ url }) => url.startsWith('/v1/download')).every(({ headers }) => headers.authorization === undefined)).toBe(true);
  });

  it('tells how far it got', async () => {
    await using server = await faultServer(link, whole());
    const seen: DownloadProgress[] = [];
    await current(server).bytes({ onProgress: (progress) => seen.push(progress) });
    expect(seen.at(-1)).toEqual({ loaded: model.length, total: model.length });
  });

  it('reads any signed link, against the hash the caller knows', async () => {
    await using server = await faultServer(whole({ etag: '"other"' }));
    const vergeai = new VergeAI({ apiKey, baseUrl: server.url });
    expect((await vergeai.download(`${server.url}/v1/download`, { sha256: etag.slice(1, -1) }).bytes()).length).toBe(model.length);
    await expect(vergeai.download(`${server.url}/v1/download`).bytes({ sha256: '0'.repeat(64) })).rejects.toThrow(IntegrityError);
  });

  it('that fails is not an unhandled rejection while its stream waits to be read', async () => {
    await using server = await faultServer(problem(404, 'not_found'));
    const unhandled = vi.fn<() => void>();
    process.on('unhandledRejection', unhandled);
    const stream = current(server).stream();
    await eventually('the link has been refused', () => server.seen.length === 1 && server.underWay() === 0);
    // Who asks after that hears it later; and a rejection that nobody handled is told once what was going on is over.
    await expect(current(server)).rejects.toThrow(NotFound);
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
    await expect(stream.getReader().read()).rejects.toThrow(NotFound);
  });

  it('rejects as the link does, and as the transfer does', async () => {
    await using server = await faultServer(problem(404, 'not_found'), link, problem(404, 'blob_missing'));
    await expect(current(server).bytes()).rejects.toThrow(NotFound);
    await expect(current(server).bytes()).rejects.toMatchObject({ code: 'blob_missing' });
  });

  it('is no dictionary when the model is in another format', async () => {
    await using server = await faultServer(link, whole({ 'content-type': 'application/octet-stream' }));
    await expect(current(server).json()).rejects.toThrow(VergeAIError);
    await eventually('the connection is freed', () => server.underWay() === 0);
  });
});

describe('a transfer that breaks off', () => {
  it('is resumed where it broke, again and again', async () => {
    const resumedThenCut: Behaviour = (request, response) => {
      const from = Number(/\d+/.exec(request.headers.range!)![0]);
      response.writeHead(206, { 'content-type': 'application/json', 'content-range': `bytes ${from}-${model.length - 1}/${model.length}`, etag });
      breakOff(response, from, from + 50_000);
    };
    await using server = await faultServer(link, cutOff(100_000), resumedThenCut, problem(503, 'busy'), rest);
    expect(model.equals(await current(server).bytes({ onProgress }))).toBe(true);
    expect(server.seen.slice(2).map(({ headers }) => headers.range)).toEqual(['bytes=100000-', 'bytes=150000-', 'bytes=150000-']);
  });

  it('is an error when it can not be resumed', async () => {
    await using server = await faultServer(link, cutOff(1000, { etag: '' }));
    await expect(current(server).bytes({ onProgress })).rejects.toThrow(ConnectionError);
    await using ranges = await faultServer(link, cutOff(1000), whole());
    await expect(current(ranges).bytes({ onProgress })).rejects.toThrow(ConnectionError);
    const changed: Behaviour = (_, response) =>
      void response.writeHead(206, { 'content-range': `bytes 1000-${model.length - 1}/${model.length}`, etag: '"another"' }).end(model.subarray(1000));
    await using other = await faultServer(link, cutOff(1000), changed);
    await expect(current(other).bytes({ onProgress })).rejects.toThrow(ConnectionError);
  });

  it('times out when it stalls', async () => {
    const stalling: Behaviour = (_, response) => void response.writeHead(200, { 'content-length': '10' }).write('12345');
    await using server = await faultServer(link, stalling);
    await expect(current(server).bytes({ timeoutMs: 60, maxRetries: 0 })).rejects.toThrow(TimeoutError);
    await eventually('the connection is freed', () => server.underWay() === 0);
  });
});

describe('bytes that are not those announced', () => {
  it('are an IntegrityError, and leave the file that was there', async () => {
    const wrong = Buffer.from(model);
    wrong[5]! ^= 1;
    await using server = await faultServer(link, whole({}, wrong));
    const file = path.join(folder, 'kept.json');
    await writeFile(file, 'before');
    await expect(current(server).toFile(file)).rejects.toThrow(IntegrityError);
    expect(await readFile(file, 'utf8')).toBe('before');
    expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('fail a stream at its end', async () => {
    await using server = await faultServer(whole({ etag: `"${'0'.repeat(64)}"` }));
    const stream = new VergeAI({ apiKey, baseUrl: server.url }).download(`${server.url}/m`).stream();
    await expect(new Response(stream).arrayBuffer()).rejects.toThrow(IntegrityError);
  });
});

describe('a stream that is not read to its end', () => {
  it('frees the connection when it is cancelled or aborted', async () => {
    const endless: Behaviour = (_, response) => {
      const source = Readable.from((function* () { for (;;) yield Buffer.alloc(10_000); })());
      source.pipe(response);
      response.on('close', () => source.destroy());
    };
    await using server = await faultServer(endless);
    const vergeai = new VergeAI({ apiKey, baseUrl: server.url });
    const reader = vergeai.download(`${server.url}/m`).stream().getReader();
    await reader.read();
    await reader.cancel();
    await eventually('the connection is freed', () => server.underWay() === 0);

    const abort = new AbortController();
    const bytes = vergeai.download(`${server.url}/m`).bytes({ signal: abort.signal, onProgress: () => abort.abort() });
    await expect(bytes).rejects.toMatchObject({ name: 'AbortError' });
    await eventually('the connection is freed', () => server.underWay() === 0);
  });

  it('does not time out while the reader takes its time', async () => {
    await using server = await faultServer(whole());
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const reader = new VergeAI({ apiKey, baseUrl: server.url }).download(`${server.url}/m`, { timeoutMs: 2000, maxRetries: 0 }).stream().getReader();
    let length = 0;
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      vi.advanceTimersByTime(60_000);
      length += part.value.length;
    }
    expect(length).toBe(model.length);
  });
});
