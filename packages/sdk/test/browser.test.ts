import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { faultServer, json, noContent, type Behaviour, type FaultServer } from '@vergeai/testkit';
import { IntegrityError, VergeAI, type ModelInput, type UploadProgress } from '../src/index.js';

const ids = { project_id: 'p', experiment_id: 'e' };
const ticket: Behaviour = (request, response, raw) =>
  json(200, { model_url: { url: `http://${request.headers.host}/v1/upload`, fields: { ticket: 't' } } })(request, response, raw);

/** Everything that tells the client that it runs in Node. */
beforeEach(() => void vi.stubGlobal('process', Object.create(process, { versions: { value: {} }, getBuiltinModule: { value: undefined } }) as object));
afterEach(() => void vi.unstubAllGlobals());

const client = (server: FaultServer) => new VergeAI({ apiKey: 'key', baseUrl: server.url });

describe('outside Node', () => {
  it.each<[string, () => ModelInput]>([
    ['a Blob', () => new Blob([' {"w":[1]}'])],
    ['bytes', () => new TextEncoder().encode(' {"w":[1]}')],
    ['a stream', () => new Blob([' {"w":[1]}']).stream()],
  ])('%s is sent as a Blob, whose length is known', async (_, make) => {
    await using server = await faultServer(ticket, noContent);
    const seen: UploadProgress[] = [];
    await client(server).Experiment.submit_start_model({ ...ids, model: make() }, { onProgress: (progress) => seen.push(progress) });
    expect(server.seen[1]).toMatchObject({ method: 'PUT', headers: { 'content-length': '10', 'content-type': 'application/json' } });
    expect(server.seen[1]!.body.toString()).toBe(' {"w":[1]}');
    expect(seen.at(-1)).toMatchObject({ loaded: 10 });
  });

  it('bytes are compared with the announced hash', async () => {
    const bytes = Buffer.from('{"w":[1]}');
    const answer = (sha256: string): Behaviour => (_, response) =>
      void response.writeHead(200, { 'content-type': 'application/json', etag: `"${sha256}"` }).end(bytes);
    await using server = await faultServer(answer(createHash('sha256').update(bytes).digest('hex')), answer('0'.repeat(64)));
    expect(await client(server).download(server.url).json()).toEqual({ w: [1] });
    await expect(client(server).download(server.url).bytes()).rejects.toThrow(IntegrityError);
  });

  it('files are refused with a sentence', async () => {
    await using server = await faultServer((_, response) => void response.end('{}'));
    await expect(client(server).Experiment.submit_start_model({ ...ids, model: 'model.json' })).rejects.toThrow('A model given as the path of a file needs Node.');
    await expect(client(server).download(server.url).toFile('model.json')).rejects.toThrow('toFile() needs Node.');
  });
});
