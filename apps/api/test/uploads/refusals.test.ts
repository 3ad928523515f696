import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, newUser, send, startApi, type TestApi } from '../support/api.js';
import { levels, newMember } from '../support/members.js';
import { safetensors, smallSafetensors } from '../support/models.js';
import {
  askTicket,
  expectNothingKept,
  expectProblem,
  newPlace,
  openRequest,
  postForm,
  putRaw,
  submitInline,
  submitText,
  ticketWays,
  type Place,
} from '../support/uploads.js';

const MODEL = '{"w":[1,2]}';

describe.each(databases)('a start model is refused on %s with', (database) => {
  let api: TestApi;
  let place: Place;
  beforeAll(async () => {
    api = await startApi(database);
    place = await newPlace(api);
  });
  afterAll(() => api.close());

  const post = (body: string | Uint8Array, headers: Record<string, string> = { 'Content-Type': 'application/json' }, key: string | undefined = api.adminKey) =>
    send(api, 'POST', '/v1/experiment/submit_start_model', { key, body: body as string, headers });

  const envelope = (project: string, experiment: string, model = MODEL) => `{"project_id":"${project}","experiment_id":"${experiment}","model":${model}}`;

  const expectClean = () => expectNothingKept(api, place);

  describe('400', () => {
    it('invalid_request for a part of a model: Content-Range', async () => {
      const ticket = await askTicket(api, place);
      const headers = { 'Content-Type': 'application/json', 'Content-Range': `bytes 0-${MODEL.length - 1}/${MODEL.length * 2}` };
      const reply = await putRaw(ticket, MODEL, headers);
      expectProblem(reply, 400, 'invalid_request');
      expect(reply.body.errors[0].path).toBe('/headers/content-range');
      await expectClean();
    });

    it.each(['', 'ABCDEF', 'g'.repeat(32), 'A'.repeat(32), 'a'.repeat(31), 'a'.repeat(33), '../../../../etc/passwd', ' '.repeat(32)])(
      'invalid_request for the malformed id "%s" in the body, before any look-up',
      async (id) => {
        const { status, body } = await post(envelope(id, id));
        expect([status, body.code]).toEqual([400, 'invalid_request']);
        expect(body.errors.map(({ path }: { path: string }) => path)).toEqual(['/body/project_id', '/body/experiment_id']);
        await expectClean();
      },
    );

    it.each(['ABCDEF', 'A'.repeat(32), 'a'.repeat(33), '..%2F..%2Fetc', '%00'])('invalid_request for the malformed id "%s" in a path', async (id) => {
      for (const operation of ['get', 'describe', 'start_model', 'current_model', 'events']) {
        const { status, body } = await send(api, 'GET', `/v1/experiment/${operation}/${id}/${id}`, { key: api.adminKey });
        expect([operation, status, body.code]).toEqual([operation, 400, 'invalid_request']);
        expect(body.errors.map(({ path }: { path: string }) => path)).toEqual(['/path/project_id', '/path/experiment_id']);
      }
    });

    it.each([
      ['empty', ''],
      ['cut in the envelope', `{"project_id":"${'a'.repeat(32)}"`],
      ['cut in the model', `{"project_id":"${'a'.repeat(32)}","model":{"w":[1,`],
      ['text', 'hello'],
      ['with a comma too many', `{"project_id":"x",}`],
      ['with NaN beside the model', `{"project_id":NaN,"model":${MODEL}}`],
      ['two of them', `{}{}`],
    ])('invalid_json for a body that is %s', async (_what, body) => {
      expectProblem(await post(body), 400, 'invalid_json');
      await expectClean();
    });

    it.each(['null', '5', '"text"', '[1,2]', 'true'])('invalid_request for a model that is %s', async (model) => {
      const reply = await post(envelope(place.project, place.experiment, model));
      expectProblem(reply, 400, 'invalid_request');
      expect(reply.body.errors).toEqual([{ path: '/body/model', message: 'must be an object of tensors' }]);
      await expectClean();
    });

    it('invalid_request for a body that is not an object', async () => {
      for (const body of ['[]', '5', 'null', '"x"']) expectProblem(await post(body), 400, 'invalid_request');
    });

    it('json_too_deep for an envelope nested deeper than 64', async () => {
      expectProblem(await post(`{"x":${'['.repeat(65)}${']'.repeat(65)}}`), 400, 'json_too_deep');
    });

    it.each(ticketWays)('empty_model for no bytes by %s', async (_way, upload) => {
      expectProblem(await upload(await askTicket(api, place), ''), 400, 'empty_model');
      await expectClean();
    });

    it('start_model_already_submitted for a second one, by every way, and for another ticket', async () => {
      const taken = await newPlace(api);
      const tickets = [await askTicket(api, taken), await askTicket(api, taken)];
      expect((await submitText(api, taken, MODEL)).status).toBe(204);
      expectProblem(await submitText(api, taken, '{"w":[3]}'), 400, 'start_model_already_submitted');
      expectProblem(await postForm(tickets[0]!, '{"w":[3]}'), 400, 'start_model_already_submitted');
      expectProblem(await putRaw(tickets[1]!, '{"w":[3]}'), 400, 'start_model_already_submitted');
      expectProblem(await post(`{"project_id":"${taken.project}","experiment_id":"${taken.experiment}"}`), 400, 'start_model_already_submitted');
      expect(await api.ctx.db.prisma.storedModel.count({ where: { experimentId: taken.experiment } })).toBe(1);
    });

    it('start_model_already_submitted for the very same bytes too', async () => {
      const taken = await newPlace(api);
      expect((await submitText(api, taken, MODEL)).status).toBe(204);
      expectProblem(await submitText(api, taken, MODEL), 400, 'start_model_already_submitted');
    });
  });

  describe('401', () => {
    it('key_missing without a key', async () => {
      expectProblem(await send(api, 'POST', '/v1/experiment/submit_start_model', { body: envelope(place.project, place.experiment), headers: { 'Content-Type': 'application/json' } }), 401, 'key_missing');
    });

    it.each(['wrong', 'Bearer', 'vgu_0123456789abcdef_0123456789012345678901234567890123456789012deadbeef', 'x'.repeat(600)])('key_invalid or key_missing for the key "%s"', async (key) => {
      const { status, body, headers } = await post(envelope(place.project, place.experiment), undefined, key);
      expect(status).toBe(401);
      expect(['key_invalid', 'key_missing']).toContain(body.code);
      expect(headers.get('www-authenticate')).toBe('Bearer');
      await expectClean();
    });
  });

  describe('403', () => {
    it('permission_denied for a member who may only read, inline and for a ticket', async () => {
      const { key } = await newMember(api, place.project, levels.READ_ONLY);
      expectProblem(await submitText(api, place, MODEL, key), 403, 'permission_denied');
      expectProblem(await post(`{"project_id":"${place.project}","experiment_id":"${place.experiment}"}`, undefined, key), 403, 'permission_denied');
      await expectClean();
    });
  });

  describe('404', () => {
    it('project_not_found for a project that never existed, and in the same words for one of others', async () => {
      const stranger = await newUser(api);
      const never = await submitText(api, { ...place, project: 'f'.repeat(32) }, MODEL, stranger.key);
      const hidden = await submitText(api, place, MODEL, stranger.key);
      expectProblem(never, 404, 'project_not_found');
      expectProblem(hidden, 404, 'project_not_found');
      expect({ ...hidden.body, request_id: '' }).toEqual({ ...never.body, request_id: '' });
      await expectClean();
    });

    it('experiment_not_found for one that never existed and for one of another project', async () => {
      const other = await newPlace(api);
      expectProblem(await submitText(api, { ...place, experiment: 'f'.repeat(32) }, MODEL), 404, 'experiment_not_found');
      expectProblem(await submitText(api, { project: other.project, experiment: place.experiment }, MODEL), 404, 'experiment_not_found');
      await expectClean();
    });
  });

  describe('415 unsupported_media_type', () => {
    it.each([{}, { 'Content-Type': 'text/plain' }, { 'Content-Type': 'application/octet-stream' }, { 'Content-Type': 'application/x-www-form-urlencoded' }] as Record<string, string>[])(
      'inline for %o',
      async (headers) => {
        expectProblem(await post(Buffer.from(envelope(place.project, place.experiment)), headers), 415, 'unsupported_media_type');
        await expectClean();
      },
    );

    it.each(['gzip', 'deflate', 'br', 'identity, gzip'])('inline for Content-Encoding: %s', async (encoding) => {
      const body = gzipSync(envelope(place.project, place.experiment));
      expectProblem(await post(body, { 'Content-Type': 'application/json', 'Content-Encoding': encoding }), 415, 'unsupported_media_type');
    });

    it('by PUT for a type that is no model, and for compressed bytes', async () => {
      expectProblem(await putRaw(await askTicket(api, place), MODEL, { 'Content-Type': 'text/html' }), 415, 'unsupported_media_type');
      expectProblem(await putRaw(await askTicket(api, place), gzipSync(MODEL), { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' }), 415, 'unsupported_media_type');
      await expectClean();
    });

    it('by form for another type, and for a compressed form', async () => {
      const { url, fields } = await askTicket(api, place);
      expectProblem(await send(api, 'POST', url, { json: fields }), 415, 'unsupported_media_type');
      const form = new FormData();
      for (const [name, value] of Object.entries(fields)) form.append(name, value);
      form.append('file', new Blob([MODEL]));
      expectProblem(await send(api, 'POST', url, { body: form, headers: { 'Content-Encoding': 'gzip' } }), 415, 'unsupported_media_type');
      await expectClean();
    });
  });

  describe('422 invalid_model and a pointer to the first offence', () => {
    it.each([
      ['NaN', '{"w":[1,NaN]}', '/model/w/1'],
      ['Infinity', '{"w":[[1,2],[3,-Infinity]]}', '/model/w/1/1'],
      ['a number too large', '{"w":1e999}', '/model/w'],
      ['ragged lists', '{"ok":[[1],[2]],"w":[[1,2],[3]]}', '/model/w/1'],
      ['lists 65 deep', `{"w":${'['.repeat(65)}1${']'.repeat(65)}}`, `/model/w${'/0'.repeat(64)}`],
      ['no tensors', '{}', '/model'],
      ['a text', '{"w":"1"}', '/model/w'],
      ['an object in a tensor', '{"w":{"a":1}}', '/model/w'],
      ['a tensor twice', '{"w":1,"w":1}', '/model/w'],
      ['a slash and a tilde in the name', '{"a/b~c":[true]}', '/model/a~1b~0c/0'],
    ])('%s, inline', async (_what, model, pointer) => {
      const reply = await submitText(api, place, model);
      expectProblem(reply, 422, 'invalid_model');
      expect(reply.body.errors).toEqual([{ path: pointer, message: reply.body.detail }]);
      await expectClean();
    });

    it.each(['__proto__', 'constructor', 'prototype', '', 'a\\u0000b', 'a\\nb', '\\ud800', 'x'.repeat(513)])('the tensor name "%s"', async (name) => {
      expectProblem(await submitText(api, place, `{"${name}":[1]}`), 422, 'invalid_model');
      expectProblem(await putRaw(await askTicket(api, place), `{"${name}":[1]}`), 422, 'invalid_model');
      await expectClean();
      expect(({} as Record<string, unknown>)['1']).toBeUndefined();
    });

    it('and is taken with names that only look dangerous', async () => {
      const names = ['../../etc/passwd', "'; DROP TABLE Experiment; --", '<script>', 'toString', 'hasOwnProperty', '__defineGetter__', '%00', '🙂', 'a b', 'then', '0'];
      for (const name of names) {
        const other = await newPlace(api);
        expect((await submitInline(api, other, { [name]: [1] })).status, name).toBe(204);
      }
      const tensors = Object.fromEntries(names.map((name) => [name, { dtype: 'U8', shape: [1], data: Uint8Array.of(1) }]));
      expect((await putRaw(await askTicket(api, await newPlace(api)), safetensors(tensors))).status).toBe(204);
    });

    it('a safetensors model that is truncated, by form', async () => {
      expectProblem(await postForm(await askTicket(api, place), smallSafetensors().subarray(0, -1)), 422, 'invalid_model');
      await expectClean();
    });

    it('and the ticket can be used again with a model that fits', async () => {
      const other = await newPlace(api);
      const ticket = await askTicket(api, other);
      expectProblem(await putRaw(ticket, '{"w":[NaN]}'), 422, 'invalid_model');
      expect((await putRaw(ticket, MODEL)).status).toBe(204);
    });
  });

  describe('400 invalid_request for a form', () => {
    it('without a file', async () => {
      const form = new FormData();
      for (const [name, value] of Object.entries((await askTicket(api, place)).fields)) form.append(name, value);
      expectProblem(await send(api, 'POST', '/v1/upload', { body: form }), 400, 'invalid_request');
    });

    it('whose file is not named "file"', async () => {
      expectProblem(await postForm(await askTicket(api, place), MODEL, { fileName: 'model' }), 400, 'invalid_request');
    });

    it('whose file is a field', async () => {
      const form = new FormData();
      for (const [name, value] of Object.entries((await askTicket(api, place)).fields)) form.append(name, value);
      form.append('file', MODEL);
      expectProblem(await send(api, 'POST', '/v1/upload', { body: form }), 400, 'invalid_request');
    });

    it.each([
      ['without a boundary', 'multipart/form-data', 'x'],
      ['that is empty', 'multipart/form-data; boundary=b', ''],
      ['that is no form', 'multipart/form-data; boundary=b', 'hello'],
      ['that has another boundary', 'multipart/form-data; boundary=b', '--c\r\nContent-Disposition: form-data; name="key"\r\n\r\nx\r\n--c--\r\n'],
      ['that ends in its headers', 'multipart/form-data; boundary=b', '--b\r\nContent-Disposition: form-data; na'],
    ])('%s', async (_what, type, body) => {
      expectProblem(await send(api, 'POST', '/v1/upload', { body: Buffer.from(body), headers: { 'Content-Type': type } }), 400, 'invalid_request');
    });

    it('that ends before its last boundary, though the request is whole', async () => {
      const { url, fields } = await askTicket(api, place);
      const parts = Object.entries(fields).map(([name, value]) => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`);
      for (const end of ['', '\r\n', '\r\n--b']) {
        const body = `${parts.join('')}--b\r\nContent-Disposition: form-data; name="file"; filename="m"\r\n\r\n${MODEL}${end}`;
        const { req, reply } = openRequest(url, 'POST', { 'Content-Type': 'multipart/form-data; boundary=b' });
        req.end(body);
        expectProblem(await reply, 400, 'invalid_request');
        await expectClean();
      }
    });

    it.each([
      ['small', MODEL],
      ['large', `{"w":[${'0,'.repeat(1024 * 1024)}0]}`],
    ])('whose fields come after its %s file: 403 ticket_invalid', async (_what, bytes) => {
      const form = new FormData();
      form.append('file', new Blob([bytes]), 'm');
      for (const [name, value] of Object.entries((await askTicket(api, place)).fields)) form.append(name, value);
      expectProblem(await send(api, 'POST', '/v1/upload', { body: form }), 403, 'ticket_invalid');
      await expectClean();
    });
  });

  it('405 and Allow for a method that the path does not have', async () => {
    const reply = await send(api, 'DELETE', '/v1/upload');
    expectProblem(reply, 405, 'method_not_allowed');
    expect(reply.headers.get('allow')).toBe('POST, PUT');
    expect((await send(api, 'PUT', '/v1/experiment/submit_start_model', { key: api.adminKey })).headers.get('allow')).toBe('POST');
  });

  it('nothing but its own: a good one is taken after all of that', async () => {
    expect((await putRaw(await askTicket(api, place), MODEL)).status).toBe(204);
  });
});
