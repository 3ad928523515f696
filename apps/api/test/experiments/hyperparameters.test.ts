import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, newProject, send, startApi, type TestApi } from '../support/api.js';

describe.each(databases)('hyperparameters on %s', (database) => {
  let api: TestApi;
  let project: string;
  beforeAll(async () => {
    api = await startApi(database);
    project = await newProject(api);
  });
  afterAll(() => api.close());

  const createWith = (text: string) =>
    send(api, 'POST', '/v1/experiment/create', {
      key: api.adminKey,
      body: `{"project_id":"${project}","hyperparameters":${text}}`,
      headers: { 'Content-Type': 'application/json' },
    });

  /** The text of `hyperparameters` in the answer of experiment/get. */
  async function roundTrip(text: string): Promise<string> {
    const created = await createWith(text);
    expect(created.status, created.text).toBe(200);
    const { text: got } = await send(api, 'GET', `/v1/experiment/get/${project}/${created.body.ID}`, { key: api.adminKey });
    expect(got).toBe(created.text);
    return /"hyperparameters":(.*),"current_job"/s.exec(got)![1]!;
  }

  describe('come back letter for letter', () => {
    it.each([
      ['empty', '{}'],
      ['in the order they were sent', '{"zeta":1,"alpha":2,"Mid":3,"_":4}'],
      ['nested, in their order too', '{"optimizer":{"name":"sgd","betas":[0.9,0.999],"a":{"z":[],"b":{}}},"layers":[{"units":3},{"units":2}]}'],
      ['of every kind', '{"s":"text","i":7,"f":0.01,"t":true,"n":null,"l":[1,"2",null,false],"e":""}'],
      ['unicode', '{"größe":"模型","🙂":"👩‍🔬","ü":"combining ü","slash":"a/b","quote":"\\"\\\\"}'],
      ['line breaks and control characters', '{"text":"a\\nb\\tc\\u0001"}'],
      ['the largest exact integers', `{"max":${2 ** 53},"safe":${Number.MAX_SAFE_INTEGER},"min":${-(2 ** 53)}}`],
      ['the limits of float64', '{"big":1.7976931348623157e+308,"tiny":5e-324,"third":0.3333333333333333}'],
      ['names that objects have of their own', '{"toString":1,"hasOwnProperty":2,"length":3,"valueOf":null}'],
      ['an empty name', '{"":1}'],
    ])('%s', async (_what, text) => {
      expect(await roundTrip(text)).toBe(text);
    });

    it('63 levels deep', async () => {
      const text = `${'{"a":'.repeat(62)}[1]${'}'.repeat(62)}`;
      expect(await roundTrip(text)).toBe(text);
    });

    it('64 KiB of them', async () => {
      const text = `{"text":"${'x'.repeat(64 * 1024 - 11)}"}`;
      expect(text.length).toBe(64 * 1024);
      expect(await roundTrip(text)).toBe(text);
    });
  });

  describe('come back as the same value', () => {
    it('with names that look like numbers first, in rising order, as JavaScript objects have them', async () => {
      expect(await roundTrip('{"b":1,"10":2,"9":3,"a":4}')).toBe('{"9":3,"10":2,"b":1,"a":4}');
    });

    it('with the last of two values for one name', async () => {
      expect(await roundTrip('{"a":1,"a":2}')).toBe('{"a":2}');
    });

    it.each([
      ['1.0', '1'],
      ['1E2', '100'],
      ['1e21', '1e+21'],
      ['"\\u00e9"', '"é"'],
    ])('%s as %s', async (sent, got) => {
      expect(await roundTrip(`{"v":${sent}}`)).toBe(`{"v":${got}}`);
    });
  });

  describe('are refused with 400 and where the fault is', () => {
    it.each([
      ['a list', '[]', '/body/hyperparameters'],
      ['a string', '"lr"', '/body/hyperparameters'],
      ['null', 'null', '/body/hyperparameters'],
      ['a number too large for float64', '{"a":{"b":[1,1e999]}}', '/body/hyperparameters/a/b/1'],
      ['NUL in a text', '{"a":"x\\u0000y"}', '/body/hyperparameters/a'],
      ['half a surrogate pair', '{"a":["\\ud800"]}', '/body/hyperparameters/a/0'],
      ['half a surrogate pair in a name', '{"a":{"\\udc00":1}}', '/body/hyperparameters/a'],
      ['__proto__ as a name', '{"__proto__":{"admin":true},"lr":1}', '/body/hyperparameters'],
      ['__proto__ as a name inside', '{"a":{"__proto__":1}}', '/body/hyperparameters/a'],
      ['constructor as a name', '{"constructor":1}', '/body/hyperparameters'],
      ['more than 64 KiB', `{"text":"${'x'.repeat(64 * 1024 - 10)}"}`, '/body/hyperparameters'],
    ])('%s', async (_what, text, path) => {
      const { status, body } = await createWith(text);
      expect([status, body.code, body.errors?.[0]?.path]).toEqual([400, 'invalid_request', path]);
    });

    it('nested too deeply', async () => {
      const { status, body } = await createWith(`{"a":${'['.repeat(64)}${']'.repeat(64)}}`);
      expect([status, body.code]).toEqual([400, 'json_too_deep']);
    });
  });
});
