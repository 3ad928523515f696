import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, startServer, type RunningServer } from '@vergeai/testkit';
import {
  AuthenticationError,
  InvalidRequest,
  NotFound,
  PayloadTooLarge,
  Unprocessable,
  UnsupportedMediaType,
  VergeAI,
  type ModelInput,
  type UploadProgress,
} from '../src/index.js';

const MODEL_LIMIT = 8 * 1024 * 1024;

let server: RunningServer;
let vergeai: VergeAI;
let project_id: string;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sdk-server-'));
  server = await startServer({ env: { MAX_MODEL_BYTES: String(MODEL_LIMIT), MAX_JSON_MODEL_BYTES: String(MODEL_LIMIT) } });
  vergeai = new VergeAI({ apiKey: server.key, baseUrl: server.url });
  project_id = (await vergeai.Project.create({ project_name: 'SDK' })).body.project_id;
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

async function newExperiment(): Promise<{ project_id: string; experiment_id: string }> {
  return { project_id, experiment_id: (await vergeai.Experiment.create({ project_id })).body.ID };
}

/** A safetensors file with one tensor of bytes. */
function safetensors(length: number): Buffer {
  const header = Buffer.from(JSON.stringify({ w: { dtype: 'U8', shape: [length], data_offsets: [0, length] } }));
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([prefix, header, randomBytes(length)]);
}

const dictionary = { w: [[1, 2.5], [-3e-7, 4]], bias: [0.1] };
const large = { w: Array.from({ length: 2500 }, (_, i) => Array.from({ length: 100 }, (__, j) => Math.fround(Math.sin(i + j)))) };

describe('a call with an idempotency key that goes by ticket', () => {
  const bytes = safetensors(100_000);

  it('is one call with one effect, wherever the processes before broke off', async () => {
    const input = { ...(await newExperiment()), model: new Uint8Array(bytes) };
    const idempotencyKey = `crash-${input.experiment_id}`;
    const crashing = (fetch: (url: string, init: RequestInit) => Promise<Response>) => new VergeAI({ apiKey: server.key, baseUrl: server.url, maxRetries: 0, fetch });
    const beforeTheUpload = crashing((url, init) => (init.method === 'PUT' ? Promise.reject(new TypeError('crash')) : fetch(url, init)));
    const beforeItsAnswer = crashing(async (url, init) => {
      const response = await fetch(url, init);
      if (init.method === 'PUT') throw new TypeError('crash');
      return response;
    });
    for (const process of [beforeTheUpload, beforeItsAnswer]) await expect(process.Experiment.submit_start_model(input, { idempotencyKey })).rejects.toMatchObject({ name: 'ConnectionError' });
    expect(await vergeai.Experiment.submit_start_model(input, { idempotencyKey })).toEqual({ statusCode: 204, body: {} });
    await expect(vergeai.Experiment.submit_start_model({ ...input, model: new Uint8Array(safetensors(100_000)) }, { idempotencyKey })).rejects.toBeInstanceOf(Unprocessable);
    expect(Buffer.from(await vergeai.Experiment.start_model({ project_id, experiment_id: input.experiment_id }).bytes()).equals(bytes)).toBe(true);
  });
});

describe('a start model comes back byte for byte', () => {
  const bytes = safetensors(1_500_000);
  it.each<[string, () => ModelInput | Promise<ModelInput>, Buffer]>([
    ['a small dictionary', () => dictionary, Buffer.from(JSON.stringify(dictionary))],
    ['a large dictionary', () => large, Buffer.from(JSON.stringify(large))],
    ['bytes', () => new Uint8Array(bytes), bytes],
    ['a Blob', () => new Blob([bytes]), bytes],
    ['a web stream', () => new Blob([bytes]).stream(), bytes],
    ['a Node stream', () => Readable.from([bytes.subarray(0, 5), bytes.subarray(5)]), bytes],
    [
      'the path of a file',
      async () => {
        const file = path.join(folder, 'model.safetensors');
        await writeFile(file, bytes);
        return file;
      },
      bytes,
    ],
  ])('given as %s', async (_, make, expected) => {
    const ids = await newExperiment();
    const answer = await vergeai.Experiment.submit_start_model({ ...ids, model: await make(), block: true });
    expect(answer).toEqual({ statusCode: 204, body: {} });
    expect((await vergeai.Experiment.get(ids)).body.start_model).toMatchObject({ size: String(expected.length) });
    expect(expected.equals(await vergeai.Experiment.start_model(ids).bytes())).toBe(true);
    const file = path.join(folder, 'back');
    await vergeai.Experiment.current_model(ids).toFile(file);
    expect(createHash('sha256').update(await readFile(file)).digest('hex')).toBe(createHash('sha256').update(expected).digest('hex'));
  });

  it('and as a dictionary again', async () => {
    const ids = await newExperiment();
    await vergeai.Experiment.submit_start_model({ ...ids, model: dictionary });
    expect(await vergeai.Experiment.start_model(ids).json()).toEqual(dictionary);
  });
});

describe('a ticket', () => {
  it('is given without a model, and takes a form', async () => {
    const ids = await newExperiment();
    const { body } = await vergeai.Experiment.submit_start_model(ids);
    const form = new FormData();
    for (const [name, value] of Object.entries(body.model_url.fields)) form.append(name, value);
    form.append('file', new Blob([JSON.stringify(dictionary)], { type: 'application/json' }));
    expect((await fetch(body.model_url.url, { method: 'POST', body: form })).status).toBe(204);
    expect(await vergeai.Experiment.start_model(ids).json()).toEqual(dictionary);
  });
});

describe('an upload whose answer was lost', () => {
  it('is not sent twice: the used ticket tells that it arrived', async () => {
    let lost = 0;
    const losing = new VergeAI({
      apiKey: server.key,
      baseUrl: server.url,
      fetch: async (url, init) => {
        const response = await fetch(url, init);
        if (init.method === 'PUT' && lost++ === 0) throw new TypeError('fetch failed');
        return response;
      },
    });
    const ids = await newExperiment();
    expect(await losing.Experiment.submit_start_model({ ...ids, model: new Uint8Array(safetensors(1000)) })).toEqual({ statusCode: 204, body: {} });
    expect(lost).toBe(2);
  });
});

describe('a create whose answer was lost', () => {
  it('makes one experiment', async () => {
    const keys: (string | null)[] = [];
    const losing = new VergeAI({
      apiKey: server.key,
      baseUrl: server.url,
      fetch: async (url, init) => {
        keys.push(new Headers(init.headers).get('idempotency-key'));
        const response = await fetch(url, init);
        if (keys.length < 3) throw new TypeError('fetch failed');
        return response;
      },
    });
    const project = (await vergeai.Project.create({ project_name: 'Once' })).body;
    const { body } = await losing.Experiment.create(project);
    expect(new Set(keys).size).toBe(1);
    const listed: string[] = [];
    for await (const experiment of vergeai.Experiment.list(project)) listed.push(experiment.experiment_id);
    expect(listed).toEqual([body.ID]);
  });
});

describe('lists', () => {
  it('are read page by page', async () => {
    const project = (await vergeai.Project.create({ project_name: 'Many' })).body;
    const made: string[] = [];
    for (let i = 0; i < 7; i++) {
      made.push((await vergeai.Experiment.create(project)).body.ID);
      const at = Date.now();
      // Those of the same millisecond are listed in any order.
      await eventually('the next millisecond', () => Date.now() > at);
    }
    const listed: string[] = [];
    for await (const { experiment_id } of vergeai.Experiment.list({ ...project, limit: 3 })) listed.push(experiment_id);
    expect(listed).toEqual(made.toReversed());
  });

  it('include the event log, oldest first', async () => {
    const ids = await newExperiment();
    await vergeai.Experiment.update({ ...ids, experiment_name: 'One' });
    await vergeai.Experiment.submit_start_model({ ...ids, model: dictionary });
    const seen: number[] = [];
    for await (const { sequence } of vergeai.Experiment.events({ ...ids, limit: 1 })) seen.push(sequence);
    expect(seen.length).toBeGreaterThanOrEqual(2);
    expect(seen).toEqual(seen.map((_, i) => i + 1));
  });
});

describe('keys', () => {
  it('are created, listed and revoked', async () => {
    const { key } = (await vergeai.APIKey.create({ label: 'mine' })).body;
    const mine = new VergeAI({ apiKey: key, baseUrl: server.url });
    expect((await mine.Project.list()).statusCode).toBe(200);
    const { data } = (await vergeai.APIKey.list({ limit: 1 })).body;
    expect(data[0]).toMatchObject({ label: 'mine' });
    await vergeai.APIKey.revoke({ key_id: data[0]!.key_id });
    await expect(mine.Project.list()).rejects.toThrow(AuthenticationError);
    expect((await vergeai.APIKey.create()).body.key).toBeTypeOf('string');
  });
});

describe('refusals are typed', () => {
  it('400 with every part that failed', async () => {
    const error = await vergeai.Experiment.create({ project_id: 'nope', experiment_name: '' }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(InvalidRequest);
    expect(error).toMatchObject({ statusCode: 400, requestId: expect.any(String) });
    expect((error as InvalidRequest).errors.map(({ path: pointer }) => pointer)).toHaveLength(2);
  });

  it('400 for a second start model', async () => {
    const ids = await newExperiment();
    await vergeai.Experiment.submit_start_model({ ...ids, model: dictionary });
    await expect(vergeai.Experiment.submit_start_model({ ...ids, model: dictionary })).rejects.toMatchObject({ code: 'start_model_already_submitted' });
  });

  it('401, and 404 for what does not exist', async () => {
    const stranger = new VergeAI({ apiKey: 'not-a-key', baseUrl: server.url });
    await expect(stranger.Project.list()).rejects.toThrow(AuthenticationError);
    await expect(vergeai.Experiment.get({ project_id, experiment_id: 'f'.repeat(32) })).rejects.toThrow(NotFound);
  });

  it('400 for an id that tries to leave its path', async () => {
    await expect(vergeai.Project.get({ project_id: '../list' })).rejects.toThrow(InvalidRequest);
  });

  it.each<[string, () => ModelInput]>([
    ['announced', () => new Uint8Array(MODEL_LIMIT + 200_000)],
    ['found out on the way', () => Readable.from((function* () { for (let i = 0; i < 200; i++) yield new Uint8Array(65_536); })())],
  ])('413 for a model that is too large, %s', async (_, make) => {
    await expect(vergeai.Experiment.submit_start_model({ ...(await newExperiment()), model: make() }, { format: 'safetensors' })).rejects.toThrow(PayloadTooLarge);
  });

  it('415 or 422 for bytes that are no model, with a pointer', async () => {
    const ids = await newExperiment();
    await expect(vergeai.Experiment.submit_start_model({ ...ids, model: randomBytes(1000) })).rejects.toSatisfy(
      (error) => error instanceof Unprocessable || error instanceof UnsupportedMediaType,
    );
    const error = await vergeai.Experiment.submit_start_model({ ...ids, model: { w: [1, [2]] } }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(Unprocessable);
    expect(error).toMatchObject({ code: 'invalid_model', errors: [{ path: expect.stringContaining('/w') }] });
  });

  it('the same pointer for a large dictionary that does not fit', async () => {
    const ids = await newExperiment();
    const model = { ...large, bad: [1, [2]] };
    await expect(vergeai.Experiment.submit_start_model({ ...ids, model })).rejects.toMatchObject({ code: 'invalid_model', errors: [{ path: expect.stringContaining('/bad') }] });
  });
});

describe('an upload under way', () => {
  it('tells its progress, and leaves nothing behind when it is aborted', async () => {
    const ids = await newExperiment();
    const seen: UploadProgress[] = [];
    const abort = new AbortController();
    const bytes = safetensors(4_000_000);
    const upload = vergeai.Experiment.submit_start_model(
      { ...ids, model: new Uint8Array(bytes) },
      {
        signal: abort.signal,
        onProgress: (progress) => {
          seen.push(progress);
          if (progress.loaded > 1_000_000) abort.abort();
        },
      },
    );
    await expect(upload).rejects.toMatchObject({ name: 'AbortError' });
    expect(seen.every(({ total }) => total === bytes.length)).toBe(true);
    expect((await vergeai.Experiment.get(ids)).body.start_model).toEqual({});
    await vergeai.Experiment.submit_start_model({ ...ids, model: new Uint8Array(bytes) });
    expect(bytes.equals(await vergeai.Experiment.start_model(ids).bytes())).toBe(true);
  });
});
