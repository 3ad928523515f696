import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, newProject, send, startApi, type TestApi } from '../support/api.js';
import { jsonOfSize } from '../support/models.js';
import { askTicket, getExperiment, newPlace, postForm } from '../support/uploads.js';

// Written from reference/experiments.md, with its ids replaced by those of the test.

const pageKeys = ['ID', 'jobs', 'hyperparameters', 'current_job', 'start_model', 'current_model', 'is_active'];

describe.each(databases)('the three operations of the reference page, on %s', (database) => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi(database);
  });
  afterAll(() => api.close());

  describe('POST /v1/experiment/create', () => {
    it('answers 200 with exactly what the page prints for a new experiment', async () => {
      const project = await newProject(api);
      const { status, headers, body } = await send(api, 'POST', '/v1/experiment/create', { key: api.adminKey, json: { project_id: project } });
      expect(status).toBe(200);
      expect(headers.get('content-type')).toMatch(/^application\/json/);
      expect(body).toEqual({
        ID: expect.stringMatching(/^[0-9a-f]{32}$/),
        jobs: [],
        hyperparameters: {},
        current_job: 'NONE',
        start_model: {},
        current_model: {},
        is_active: false,
      });
      expect(Object.keys(body)).toEqual(pageKeys);
    });

    it('takes the key as it is and as a Bearer token', async () => {
      const project = await newProject(api);
      for (const key of [api.adminKey, `Bearer ${api.adminKey}`, `bearer ${api.adminKey}`])
        expect((await send(api, 'POST', '/v1/experiment/create', { key, json: { project_id: project } })).status).toBe(200);
    });

    it('gives a new experiment every time', async () => {
      const project = await newProject(api);
      const create = () => send(api, 'POST', '/v1/experiment/create', { key: api.adminKey, json: { project_id: project } });
      const ids = (await Promise.all([create(), create(), create()])).map(({ body }) => body.ID as string);
      expect(new Set(ids).size).toBe(3);
    });

    it('names every part of a request that is wrong', async () => {
      const { status, body } = await send(api, 'POST', '/v1/experiment/create', {
        key: api.adminKey,
        json: { project_id: 'ABC', hyperparameters: [], experiment_name: '' },
      });
      expect(status).toBe(400);
      expect(body.code).toBe('invalid_request');
      expect(body.errors.map(({ path }: { path: string }) => path).sort()).toEqual(['/body/experiment_name', '/body/hyperparameters', '/body/project_id']);
    });

    it('refuses a part it does not know', async () => {
      const project = await newProject(api);
      const { status, body } = await send(api, 'POST', '/v1/experiment/create', { key: api.adminKey, json: { project_id: project, learning_rate: 1 } });
      expect([status, body.code]).toEqual([400, 'invalid_request']);
    });
  });

  describe('GET /v1/experiment/get', () => {
    it('answers 200 with exactly what the page prints for an experiment with a start model', async () => {
      const project = await newProject(api);
      const created = await send(api, 'POST', '/v1/experiment/create', {
        key: api.adminKey,
        json: { project_id: project, hyperparameters: { learning_rate: 0.01 } },
      });
      const experiment = created.body.ID as string;
      expect((await postForm(await askTicket(api, { project, experiment }), jsonOfSize(403_693))).status).toBe(204);

      const { status, body, text } = await send(api, 'GET', `/v1/experiment/get/${project}/${experiment}`, { key: api.adminKey });
      expect(status).toBe(200);
      const model = { entity_id: experiment, name: `${project}/${experiment}/start_model`, size: '403693' };
      expect(text).toBe(
        JSON.stringify({
          ID: experiment,
          jobs: [],
          hyperparameters: { learning_rate: 0.01 },
          current_job: 'NONE',
          start_model: model,
          current_model: model,
          is_active: false,
        }),
      );
      expect(Object.keys(body)).toEqual(pageKeys);
    });

    it('shows an experiment as it was created, whatever else it was given', async () => {
      const project = await newProject(api);
      const { body } = await send(api, 'POST', '/v1/experiment/create', {
        key: api.adminKey,
        json: { project_id: project, experiment_name: 'Baseline', experiment_description: 'Nothing special' },
      });
      expect(await getExperiment(api, { project, experiment: body.ID })).toEqual(body);
    });

    it('answers HEAD as GET without the body', async () => {
      const { project, experiment } = await newPlace(api);
      const { status, text } = await send(api, 'HEAD', `/v1/experiment/get/${project}/${experiment}`, { key: api.adminKey });
      expect([status, text]).toEqual([200, '']);
    });

    it('is not to be cached', async () => {
      const { project, experiment } = await newPlace(api);
      const { headers } = await send(api, 'GET', `/v1/experiment/get/${project}/${experiment}`, { key: api.adminKey });
      expect([headers.get('cache-control'), headers.get('etag')]).toEqual(['no-store', null]);
    });

    it('is 404 for an experiment of another project of the same caller', async () => {
      const [mine, other] = [await newPlace(api), await newPlace(api)];
      const { status, body } = await send(api, 'GET', `/v1/experiment/get/${mine.project}/${other.experiment}`, { key: api.adminKey });
      expect([status, body.code]).toEqual([404, 'experiment_not_found']);
    });
  });

  describe('POST /v1/experiment/submit_start_model', () => {
    it.each([true, false, undefined])('answers a true 204 without a body when block is %s', async (block) => {
      const { project, experiment } = await newPlace(api);
      const { status, text } = await send(api, 'POST', '/v1/experiment/submit_start_model', {
        key: api.adminKey,
        json: { project_id: project, experiment_id: experiment, model: { w: [[1, 2]] }, block },
      });
      expect([status, text]).toEqual([204, '']);
    });

    it('has registered the model by the time it answers', async () => {
      const place = await newPlace(api);
      await send(api, 'POST', '/v1/experiment/submit_start_model', {
        key: api.adminKey,
        json: { project_id: place.project, experiment_id: place.experiment, model: { w: [[1, 2]] }, block: false },
      });
      const model = { entity_id: place.experiment, name: `${place.project}/${place.experiment}/start_model`, size: '13' };
      expect(await getExperiment(api, place)).toMatchObject({ start_model: model, current_model: model, is_active: false, jobs: [] });
    });

    it('answers 200 with an upload ticket when there is no model', async () => {
      const { project, experiment } = await newPlace(api);
      const { status, body } = await send(api, 'POST', '/v1/experiment/submit_start_model', {
        key: api.adminKey,
        json: { project_id: project, experiment_id: experiment, block: true },
      });
      expect(status).toBe(200);
      expect(body).toEqual({
        model_url: { url: `${api.url}/v1/upload`, fields: { key: `${project}/${experiment}/start_model`, ticket: expect.any(String) } },
      });
    });

    it('keeps nothing of a request whose block is neither true nor false', async () => {
      const { project, experiment } = await newPlace(api);
      const { status, body } = await send(api, 'POST', '/v1/experiment/submit_start_model', {
        key: api.adminKey,
        json: { project_id: project, experiment_id: experiment, model: { w: 1 }, block: 'yes' },
      });
      expect([status, body.errors[0].path]).toEqual([400, '/body/block']);
      expect(await getExperiment(api, { project, experiment })).toMatchObject({ start_model: {} });
    });
  });
});
