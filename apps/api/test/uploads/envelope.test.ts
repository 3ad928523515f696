import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, newProject, send, startApi, type TestApi } from '../support/api.js';
import { download, expectNothingKept, expectProblem, newPlace, nothingStaged, type Place } from '../support/uploads.js';

// The model inside a JSON request is taken out of it as it streams by: whatever stands around it must not lead it astray.
describe.each(databases)('a request with a model inside, on %s', (database) => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi(database);
  });
  afterAll(() => api.close());

  const post = (body: string) =>
    send(api, 'POST', '/v1/experiment/submit_start_model', { key: api.adminKey, body, headers: { 'Content-Type': 'application/json' } });

  const ids = ({ project, experiment }: Place) => `"project_id":"${project}","experiment_id":"${experiment}"`;

  describe('is understood', () => {
    it.each([
      ['with the ids after the model', (place: Place) => `{"model":{"w":[1]},${ids(place)}}`],
      ['with the model between the ids', ({ project, experiment }: Place) => `{"project_id":"${project}","model":{"w":[1]},"experiment_id":"${experiment}"}`],
      ['with white space everywhere', (place: Place) => ` \r\n{\t${ids(place)} ,\n"model"\r\n:\t{"w":[1]} \n}\n `],
      ['with its ids in escapes', (place: Place) => `{"model":{"w":[1]},${ids(place).replace('project_id', 'pr\\u006fject_id')}}`],
    ])('%s', async (_what, body) => {
      const place = await newPlace(api);
      expect((await post(body(place))).status).toBe(204);
      expect((await download(api, place)).bytes.toString()).toBe('{"w":[1]}');
    });

    it.each(['model', '"model":{', '{"model":{}}', 'a\\"model\\":{', '}', ']', '{{{[[['])('with a tensor named %s', async (name) => {
      const place = await newPlace(api);
      const model = `{${JSON.stringify(name)}:[1],"\\u0077":[2]}`;
      expect((await post(`{"model":${model},${ids(place)}}`)).status).toBe(204);
      expect((await download(api, place)).bytes.toString()).toBe(model);
    });
  });

  describe('is refused', () => {
    it.each([
      ['with its name in escapes', (place: Place) => `{${ids(place)},"mod\\u0065l":{"w":[1]}}`, 400, 'invalid_request'],
      ['with a second model whose name is in escapes', (place: Place) => `{${ids(place)},"model":{"w":[1]},"mod\\u0065l":{"w":[2]}}`, 400, 'invalid_request'],
      ['with two models', (place: Place) => `{${ids(place)},"model":{"w":[1]},"model":{"w":[2]}}`, 400, 'invalid_json'],
      ['with a model that is a number and one that is not', (place: Place) => `{${ids(place)},"model":{"w":[1]},"model":7}`, 400, 'invalid_request'],
      ['with a model in a list', (place: Place) => `[{${ids(place)},"model":{"w":[1]}}]`, 400, 'invalid_request'],
      ['with a model one level down', (place: Place) => `{${ids(place)},"x":{"model":{"w":[1]}}}`, 400, 'invalid_request'],
      ['with a model as a value of a text', (place: Place) => `{${ids(place)},"x":"\\"model\\":{}"}`, 400, 'invalid_request'],
      ['with the number that stands in for a model', (place: Place) => `{${ids(place)},"model":0}`, 400, 'invalid_request'],
      ['closed before the model', (place: Place) => `{${ids(place)}},"model":{"w":[1]}}`, 400, 'invalid_json'],
      ['closed once too often', (place: Place) => `{${ids(place)},"model":{"w":[1]}}}`, 400, 'invalid_json'],
      ['closed by the wrong bracket', (place: Place) => `{${ids(place)},"model":{"w":[1]}]`, 400, 'invalid_json'],
      ['whose model is closed by the wrong bracket', (place: Place) => `{${ids(place)},"model":{"w":[1]]}`, 422, 'invalid_model'],
      ['that begins inside out', (place: Place) => `}{${ids(place)},"model":{"w":[1]}}`, 400, 'invalid_json'],
      ['with a comma too few', (place: Place) => `{${ids(place)}"model":{"w":[1]}}`, 400, 'invalid_json'],
      ['with text after its end', (place: Place) => `{${ids(place)},"model":{"w":[1]}}x`, 400, 'invalid_json'],
      ['with a byte-order mark', (place: Place) => `\ufeff{${ids(place)},"model":{"w":[1]}}`, 400, 'invalid_json'],
    ])('%s', async (_what, body, status, code) => {
      const place = await newPlace(api);
      expectProblem(await post(body(place)), status, code);
      await expectNothingKept(api, place);
    });
  });

  it('acts on the project that it is checked against, also when it names two', async () => {
    const [mine, other] = [await newPlace(api), await newProject(api)];
    const reply = await post(`{"project_id":"${other}","project_id":"${mine.project}","experiment_id":"${mine.experiment}","model":{"w":[1]}}`);
    expect([204, 400]).toContain(reply.status);
    await nothingStaged(api);
  });
});
