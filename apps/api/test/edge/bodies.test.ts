import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newProject, send, startApi, type Reply, type TestApi } from '../support/api.js';
import { askTicket, expectNothingKept, expectProblem, getExperiment, newPlace, postForm, putRaw, submitInline, submitText } from '../support/uploads.js';

const KiB = 1024;
const MAX_JSON_MODEL = 64 * KiB;
const MAX_MODEL = 128 * KiB;

describe('bodies', () => {
  let api: TestApi;
  let project: string;
  beforeAll(async () => {
    api = await startApi('sqlite', { MAX_JSON_MODEL_BYTES: String(MAX_JSON_MODEL), MAX_MODEL_BYTES: String(MAX_MODEL) });
    project = await newProject(api);
  });
  afterAll(() => api.close());

  const post = (body: RequestInit['body'], headers: Record<string, string> = { 'Content-Type': 'application/json' }, path = '/v1/project/create'): Promise<Reply> =>
    send(api, 'POST', path, { key: api.adminKey, body, headers });

  describe('of JSON', () => {
    /** A valid request of exactly so many bytes. */
    const bodyOf = (bytes: number) => {
      const body = JSON.stringify({ project_name: 'x' });
      return body + ' '.repeat(bytes - body.length);
    };

    it('may have 256 KiB', async () => {
      expect((await post(bodyOf(256 * KiB))).status).toBe(200);
    });

    it('of one byte more is 413 body_too_large', async () => {
      expectProblem(await post(bodyOf(256 * KiB + 1)), 413, 'body_too_large');
    });

    it('that keeps coming in pieces is 413 body_too_large too', async () => {
      const pieces = async function* () {
        for (let piece = 0; piece < 8; piece++) yield Buffer.from(bodyOf(64 * KiB));
      };
      expectProblem(
        await send(api, 'POST', '/v1/project/create', { key: api.adminKey, body: pieces() as unknown as RequestInit['body'], headers: { 'Content-Type': 'application/json' }, duplex: 'half' }),
        413,
        'body_too_large',
      );
    });

    const nested = (depth: number) => `{"project_id":"${project}","hyperparameters":${'{"a":'.repeat(depth - 1)}1${'}'.repeat(depth - 1)}}`;

    it('may be nested 64 deep', async () => {
      expect((await post(nested(64), undefined, '/v1/experiment/create')).status).toBe(200);
    });

    it('nested 65 deep is 400 json_too_deep', async () => {
      expectProblem(await post(nested(65), undefined, '/v1/experiment/create'), 400, 'json_too_deep');
    });

    it('nested 100,000 deep is 400 json_too_deep, for objects and arrays', async () => {
      for (const open of ['[', '{"a":']) expectProblem(await post(open.repeat(40_000)), 400, 'json_too_deep');
    });

    it('may have brackets in its texts', async () => {
      expect((await post(JSON.stringify({ project_name: '[{"\\'.repeat(50) }))).status).toBe(200);
    });

    it.each([
      ['nothing', ''],
      ['cut off', '{"project_name":"x"'],
      ['a text', '"project_name"'],
      ['null', 'null'],
      ['NaN', '{"project_name":NaN}'],
      ['single quotes', "{'project_name':'x'}"],
      ['a comma too many', '{"project_name":"x",}'],
      ['two values', '{"project_name":"x"}{"project_name":"y"}'],
      ['a byte order mark in the middle', '{"project_name":\ufeff"x"}'],
    ])('that is %s is 400', async (_, body) => {
      const { status, body: answer } = await post(body);
      expect([status, answer.code]).toEqual([400, body === '' ? 'invalid_request' : 'invalid_json']);
    });

    it.each([
      ['with NUL', '\\u0000'],
      ['with half a surrogate pair', '\\ud800'],
    ])('with a text %s is 400 and names the place', async (_, letter) => {
      const reply = await post(`{"project_name":"a${letter}"}`);
      expectProblem(reply, 400, 'invalid_request');
      expect(reply.body.errors[0].path).toBe('/body/project_name');
    });

    const sent = (...parts: (string | number[])[]) => post(Buffer.concat(parts.map((part) => Buffer.from(part as string))));

    it.each([
      ['a name twice', ['{"project_name":"x","project_name":"y"}'], '/body/project_name'],
      ['a text that is not UTF-8', ['{"project_name":"', [0x61, 0xff], '"}'], '/body/project_name'],
      ['a surrogate as CESU-8 writes it', ['{"project_name":"', [0xed, 0xa0, 0x80], '"}'], '/body/project_name'],
      ['a name that is not UTF-8', ['{"', [0xff], '":"x"}'], '/body'],
    ] satisfies [string, (string | number[])[], string][])('with %s is 400 and names the place', async (_, parts, path) => {
      const reply = await sent(...parts);
      expectProblem(reply, 400, 'invalid_request');
      expect(reply.body.errors[0].path).toBe(path);
    });

    it('with a byte order mark before it is taken, for some editors write one', async () => {
      expect((await post('\ufeff{"project_name":"x"}')).status).toBe(200);
    });

    it('with numbers that are not finite is 400', async () => {
      expectProblem(await post(`{"project_id":"${project}","hyperparameters":{"a":1e999}}`, undefined, '/v1/experiment/create'), 400, 'invalid_request');
    });

    it.each(['__proto__', 'constructor', 'prototype'])('with the key %s is refused, at every depth', async (name) => {
      const text = `{"project_id":"${project}","hyperparameters":{"a":[{"${name}":{"polluted":true}}]}}`;
      const deep = await post(text, undefined, '/v1/experiment/create');
      const top = await post(`{"project_id":"${project}","hyperparameters":{"${name}":{"polluted":true}}}`, undefined, '/v1/experiment/create');
      const body = await post(`{"project_name":"x","${name}":{"polluted":true}}`);
      expect([deep, top, body].map(({ status, body: { code } }) => [status, code as string])).toEqual(Array.from({ length: 3 }, () => [400, 'invalid_request']));
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    });

    it('tells every part that is wrong, not only the first', async () => {
      const reply = await send(api, 'POST', '/v1/job/create', { key: api.adminKey, json: { project_id: 1, experiment_id: 'x', num_devices: 0, termination_criteria: [{}], more: true } });
      expectProblem(reply, 400, 'invalid_request');
      const wrong = (reply.body.errors as { path: string }[]).map(({ path }) => path);
      expect(wrong).toEqual(expect.arrayContaining(['/body/project_id', '/body/experiment_id', '/body/num_devices']));
      expect(wrong.length).toBeGreaterThanOrEqual(6);
    });
  });

  describe('of another kind', () => {
    const json = JSON.stringify({ project_name: 'x' });

    it.each([
      ['text/plain', json],
      ['application/x-www-form-urlencoded', 'project_name=x'],
      ['application/jsonp', json],
      ['application/xml', '<project_name>x</project_name>'],
      ['application/json; charset=utf-16', Buffer.from(json, 'utf16le')],
      ['application/json; charset="iso-8859-1"', json],
      ['multipart/form-data; boundary=x', '--x--'],
      ['', json],
    ])('as %s are 415 unsupported_media_type', async (type, body) => {
      expectProblem(await post(body, { 'Content-Type': type }), 415, 'unsupported_media_type');
      expectProblem(await post(body, { 'Content-Type': type }, '/v1/experiment/submit_start_model'), 415, 'unsupported_media_type');
    });

    it.each(['application/json; charset=utf-8', 'application/json;charset="UTF-8"', 'Application/JSON'])('as %s are taken', async (type) => {
      expect((await post(json, { 'Content-Type': type })).status).toBe(200);
    });

    it.each(['gzip', 'br', 'deflate', 'nonsense'])('encoded with %s are 415: nothing is ever unpacked', async (encoding) => {
      const packed = gzipSync(json);
      const headers = { 'Content-Type': 'application/json', 'Content-Encoding': encoding };
      expectProblem(await post(packed, headers), 415, 'unsupported_media_type');
      expectProblem(await post(packed, headers, '/v1/experiment/submit_start_model'), 415, 'unsupported_media_type');
      const ticket = await askTicket(api, await newPlace(api));
      expectProblem(await putRaw(ticket, packed, { 'Content-Type': 'application/json', 'Content-Encoding': encoding }), 415, 'unsupported_media_type');
    });
  });

  describe('with a model', () => {
    /** A JSON model of exactly so many bytes. */
    const modelOf = (bytes: number) => `{"w":[1${' '.repeat(bytes - 9)}]}`;

    it('may have as many bytes as MAX_JSON_MODEL_BYTES says, inline and by ticket', async () => {
      const [inline, form, raw] = [await newPlace(api), await newPlace(api), await newPlace(api)];
      expect((await submitText(api, inline, modelOf(MAX_JSON_MODEL))).status).toBe(204);
      expect((await postForm(await askTicket(api, form), modelOf(MAX_JSON_MODEL))).status).toBe(204);
      expect((await putRaw(await askTicket(api, raw), modelOf(MAX_JSON_MODEL))).status).toBe(204);
    });

    it.each([
      ['of one byte more', MAX_JSON_MODEL + 1],
      ['of many times as much', 40 * MAX_JSON_MODEL],
    ])('%s are 413 model_too_large, and nothing is kept', async (_, bytes) => {
      const place = await newPlace(api);
      expectProblem(await submitText(api, place, modelOf(bytes)), 413, 'model_too_large');
      expectProblem(await postForm(await askTicket(api, place), modelOf(bytes)), 413, 'model_too_large');
      expectProblem(await putRaw(await askTicket(api, place), modelOf(bytes)), 413, 'model_too_large');
      await expectNothingKept(api, place);
    });

    it('may not have more than 256 KiB besides it', async () => {
      const { project: project_id, experiment: experiment_id } = await newPlace(api);
      const body = `{"model":{"w":[1]},"project_id":"${project_id}"${' '.repeat(256 * KiB)},"experiment_id":"${experiment_id}"}`;
      expectProblem(await post(body, undefined, '/v1/experiment/submit_start_model'), 413, 'body_too_large');
    });

    it('say so when there are two of it', async () => {
      const place = await newPlace(api);
      const { status } = await post(
        `{"project_id":"${place.project}","experiment_id":"${place.experiment}","model":{"w":[1]},"model":{"w":[2]}}`,
        undefined,
        '/v1/experiment/submit_start_model',
      );
      expect(status).toBe(400);
      await expectNothingKept(api, place);
    });

    it('say so when what stands beside it is not UTF-8, is there twice or would be changed', async () => {
      const { project: project_id, experiment: experiment_id } = await newPlace(api);
      const submit = (rest: Buffer) => post(Buffer.concat([Buffer.from(`{"project_id":"${project_id}","model":{"w":[1]},`), rest, Buffer.from('}')]), undefined, '/v1/experiment/submit_start_model');
      const faults: [Buffer, string][] = [
        [Buffer.concat([Buffer.from('"experiment_id":"'), Buffer.from([0xff]), Buffer.from('"')]), '/body/experiment_id'],
        [Buffer.from(`"experiment_id":"${experiment_id}","block":true,"block":false`), '/body/block'],
        [Buffer.from(`"experiment_id":"${experiment_id}","metrics":{"tokens":12345678901234567}`), '/body/metrics/tokens'],
        [Buffer.from(`"experiment_id":"${experiment_id}","metrics":{"__proto__":1}`), '/body/metrics'],
      ];
      for (const [rest, path] of faults) {
        const reply = await submit(rest);
        expectProblem(reply, 400, 'invalid_request');
        expect(reply.body.errors[0].path).toBe(path);
      }
      await expectNothingKept(api, { project: project_id, experiment: experiment_id });
    });

    it('come back with the size that was sent', async () => {
      const place = await newPlace(api);
      await submitInline(api, place, { w: [[1, 2], [3, 4]] });
      expect((await getExperiment(api, place)).start_model.size).toBe('19');
    });
  });
});
