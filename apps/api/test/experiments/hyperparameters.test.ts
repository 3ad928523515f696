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

  describe('say more than JavaScript can, and come back letter for letter', () => {
    it.each([
      ['a seed of 64 bits', '{"seed":12345678901234567890,"initial_seed":-9223372036854775808,"torch":18446744073709551615}'],
      ['an integer just beyond 2^53', '{"n":9007199254740993}'],
      ['an integer of 300 digits', `{"n":${'7'.repeat(300)}}`],
      ['negative zero', '{"clip":-0.0,"other":-0}'],
      ['floats that are whole', '{"epochs":1.0,"lr":1E2,"weight":1e21,"more":100.000}'],
      ['more digits than a float64 has', '{"pi":3.14159265358979323846264338327950288}'],
      ['numbers below the smallest float64', '{"eps":1e-400}'],
      ['names that look like numbers, in their order', '{"10":"ten","9":"nine","b":0,"1":"one","a":{"2":1,"1":2}}'],
      ['letters written as escapes', '{"\\u00e9":"\\u00e9\\/","tab":"\\t\\u0009"}'],
    ])('%s', async (_what, text) => {
      expect(await roundTrip(text)).toBe(text);
    });

    it('without the space between tokens', async () => {
      expect(await roundTrip('\n{ "a b" :\t[ 1.0 , { } ,\r\n[ ] ] , "c" : " d , e " }\n')).toBe('{"a b":[1.0,{},[]],"c":" d , e "}');
    });
  });

  describe('come back so from', () => {
    const text = '{"10":1.0,"9":-0.0,"seed":12345678901234567890}';
    const inAnswer = (answer: string) => /"hyperparameters":(\{.*?\})/.exec(answer)?.[1];
    const post = (operation: string, rest: string, headers: Record<string, string> = {}) =>
      send(api, 'POST', `/v1/experiment/${operation}`, {
        key: api.adminKey,
        body: `{"project_id":"${project}",${rest}}`,
        headers: { 'Content-Type': 'application/json', ...headers },
      });

    it('every operation that tells of them', async () => {
      const { body } = await createWith(text);
      const experiment = body.ID as string;
      const get = async (path: string, key = api.adminKey) => inAnswer((await send(api, 'GET', path, { key })).text);
      expect(await get(`/v1/experiment/get/${project}/${experiment}`)).toBe(text);
      expect(await get(`/v1/experiment/describe/${project}/${experiment}`)).toBe(text);
      expect((await send(api, 'GET', `/v1/project/get/${project}`, { key: api.adminKey })).text).toContain(`"hyperparameters":${text}`);

      const changed = text.replace('1.0', '1.00');
      expect(inAnswer((await post('update', `"experiment_id":"${experiment}","hyperparameters":${changed}`)).text)).toBe(changed);
      const { body: log } = await send(api, 'GET', `/v1/experiment/events/${project}/${experiment}`, { key: api.adminKey });
      expect(log.data.at(-1).data).toEqual({ hyperparameters: changed });

      const ids = { project_id: project, experiment_id: experiment };
      expect((await send(api, 'POST', '/v1/experiment/submit_start_model', { key: api.adminKey, json: { ...ids, model: { w: [1] } } })).status).toBe(204);
      expect(inAnswer((await post('fork', `"experiment_id":"${experiment}"`)).text)).toBe(changed);
      expect(inAnswer((await post('fork', `"experiment_id":"${experiment}","hyperparameters":${text}`)).text)).toBe(text);

      const { body: device } = await send(api, 'POST', '/v1/device/create', { key: api.adminKey, json: { project_id: project } });
      await send(api, 'POST', '/v1/job/create', { key: api.adminKey, json: { ...ids, num_devices: 1 } });
      expect(await get(`/v1/device/next_job/${project}?wait=5`, device.device_api_key as string)).toBe(changed);
    });

    it('an answer that is told again for its Idempotency-Key', async () => {
      const headers = { 'Idempotency-Key': 'letter-for-letter' };
      const first = await post('create', `"hyperparameters":${text}`, headers);
      const again = await post('create', `"hyperparameters":${text}`, headers);
      expect(inAnswer(first.text)).toBe(text);
      expect([again.status, again.text]).toEqual([200, first.text]);
      const other = await post('create', `"hyperparameters":${text.replace('1.0', '1')}`, headers);
      expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
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
      ['more than 64 KiB as it is written', `{"text":"${'\\u0078'.repeat(11_000)}"}`, '/body/hyperparameters'],
      ['one name twice', '{"lr":1,"lr":2}', '/body/hyperparameters/lr'],
      ['one name twice, in a list', '{"layers":[{},{"a/b":1,"c":0,"a/b":1}]}', '/body/hyperparameters/layers/1/a~1b'],
      ['one name twice, once with escapes', '{"lr":1,"\\u006cr":2}', '/body/hyperparameters/lr'],
    ])('%s', async (_what, text, path) => {
      const { status, body } = await createWith(text);
      expect([status, body.code, body.errors?.[0]?.path]).toEqual([400, 'invalid_request', path]);
    });

    it.each([
      ['a text', Buffer.from([0x22, 0x61, 0xff, 0x22]), '/body/hyperparameters/a'],
      ['half of a letter', Buffer.from([0x22, 0xc3, 0x22]), '/body/hyperparameters/a'],
      ['a letter written too long', Buffer.from([0x22, 0xc0, 0xaf, 0x22]), '/body/hyperparameters/a'],
      ['a name', Buffer.concat([Buffer.from('{"b":{"'), Buffer.from([0xfe]), Buffer.from('":1}}')]), '/body/hyperparameters/a/b'],
    ])('that are not UTF-8: %s', async (_what, value, path) => {
      const { status, body } = await send(api, 'POST', '/v1/experiment/create', {
        key: api.adminKey,
        body: Buffer.concat([Buffer.from(`{"project_id":"${project}","hyperparameters":{"a":`), value, Buffer.from('}}')]),
        headers: { 'Content-Type': 'application/json' },
      });
      expect([status, body.code, body.errors?.[0]?.path]).toEqual([400, 'invalid_request', path]);
    });

    it('nested too deeply', async () => {
      const { status, body } = await createWith(`{"a":${'['.repeat(64)}${']'.repeat(64)}}`);
      expect([status, body.code]).toEqual([400, 'json_too_deep']);
    });
  });
});
