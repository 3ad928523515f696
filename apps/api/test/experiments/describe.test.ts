import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, send, startApi, type TestApi } from '../support/api.js';
import { timeOfDay } from '../support/clock.js';
import { sha256, smallSafetensors } from '../support/models.js';
import { insertJob } from '../support/rows.js';
import { askTicket, newPlace, putRaw, type Place } from '../support/uploads.js';

describe.each(databases)('experiment/describe on %s', (database) => {
  let api: TestApi;
  let now = Date.parse('2026-03-01T00:00:00.000Z');
  beforeAll(async () => {
    api = await startApi(database, {}, { clock: timeOfDay(() => now) });
  });
  afterAll(() => api.close());

  const describeExperiment = ({ project, experiment }: Place, query = '') =>
    send(api, 'GET', `/v1/experiment/describe/${project}/${experiment}${query}`, { key: api.adminKey });

  it('tells all there is of a new experiment', async () => {
    const project = (await newPlace(api)).project;
    const { body: created } = await send(api, 'POST', '/v1/experiment/create', {
      key: api.adminKey,
      json: { project_id: project, hyperparameters: { lr: 0.5 }, experiment_name: 'Näme', experiment_description: 'Two\nlines' },
    });
    const { status, body } = await describeExperiment({ project, experiment: created.ID });
    expect(status).toBe(200);
    expect(body).toEqual({
      experiment_id: created.ID,
      project_id: project,
      name: 'Näme',
      description: 'Two\nlines',
      hyperparameters: { lr: 0.5 },
      status: 'idle',
      current_job: 'NONE',
      num_jobs: 0,
      forked_from: null,
      tags: [],
      archived_at: null,
      paused_at: null,
      start_model: null,
      current_model: null,
      keep_best: null,
      best_model: null,
      series: [],
      aggregation_strategy: { type: 'FedAvg', weighting: 'examples' },
      server_state: null,
      privacy: null,
      created_at: new Date(now).toISOString(),
      updated_at: new Date(now).toISOString(),
      jobs: { data: [], next_cursor: null },
    });
  });

  it('gives the digest, size and format of its models', async () => {
    const place = await newPlace(api);
    const bytes = smallSafetensors();
    now += 1000;
    await putRaw(await askTicket(api, place), bytes);
    const model = {
      name: `${place.project}/${place.experiment}/start_model`,
      size: bytes.length,
      sha256: sha256(bytes),
      format: 'safetensors',
      parent_sha256: null,
    };
    const { body } = await describeExperiment(place);
    expect(body).toMatchObject({ start_model: model, current_model: model, updated_at: new Date(now).toISOString() });
  });

  it('shows the jobs newest first, a page at a time', async () => {
    const place = await newPlace(api);
    const jobs: string[] = [];
    for (let made = 0; made < 5; made++) {
      jobs.unshift(await insertJob(api, place));
      now += 1;
    }
    const { body: first } = await describeExperiment(place, '?limit=3');
    expect(first.num_jobs).toBe(5);
    expect(first.jobs.data.map((job: { job_id: string }) => job.job_id)).toEqual(jobs.slice(0, 3));
    expect(first.jobs.data[0]).toMatchObject({ sequence: 5, status: 'CANCELLED', reason: 'cancelled by a test', devices: [], aggregate_model: null });
    const { body: second } = await describeExperiment(place, `?limit=3&cursor=${first.jobs.next_cursor}`);
    expect(second.jobs.data.map((job: { job_id: string }) => job.job_id)).toEqual(jobs.slice(3));
    expect(second.jobs.next_cursor).toBeNull();
  });

  it('is 404 for an experiment that is not there', async () => {
    const { project } = await newPlace(api);
    const { status, body } = await describeExperiment({ project, experiment: 'f'.repeat(32) });
    expect([status, body.code]).toEqual([404, 'experiment_not_found']);
  });
});
