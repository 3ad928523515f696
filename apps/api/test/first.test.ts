import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, newExperiment, newProject, send, startApi, type TestApi } from './support/api.js';

describe.each(databases)('an experiment on %s', (database) => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi(database);
  });
  afterAll(() => api.close());

  it('is created, given a start model and read back', async () => {
    const project = await newProject(api);
    const id = await newExperiment(api, project);
    const submitted = await send(api, 'POST', '/v1/experiment/submit_start_model', {
      key: api.adminKey,
      json: { project_id: project, experiment_id: id, model: { w: [[1, 2]] }, block: true },
    });
    expect(submitted.status).toBe(204);
    const { body } = await send(api, 'GET', `/v1/experiment/get/${project}/${id}`, { key: api.adminKey });
    expect(body.start_model).toEqual({ entity_id: id, name: `${project}/${id}/start_model`, size: '13' });
  });
});
