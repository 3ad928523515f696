import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, newExperiment, send, startApi, type TestApi } from '../support/api.js';
import { safetensors } from '../support/models.js';
import { jobWith, model, newJob, newTraining, newTrainingOf, submitUpdate, uploadUpdate, type Training } from '../support/training.js';
import { expectProblem } from '../support/uploads.js';

describe.each(databases)('experiment/model_layout on %s', (database) => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi(database);
  });
  afterAll(() => api.close());

  const layoutOf = ({ project, experiment }: Pick<Training, 'project' | 'experiment'>, which?: string) =>
    send(api, 'GET', `/v1/experiment/model_layout/${project}/${experiment}${which ? `?model=${which}` : ''}`, { key: api.adminKey });

  it('tells what a JSON model and what came of it are made of, in the order of the file', async () => {
    const training = await newTraining(api, 1, { w: [[1, 2, 3], [4, 5, 6]], 'scale{"}': 1, none: [[], []], b: [0.5, 1] });
    const expected = {
      format: 'json',
      tensors: [
        { name: 'w', dtype: 'F64', shape: [2, 3] },
        { name: 'scale{"}', dtype: 'F64', shape: [] },
        { name: 'none', dtype: 'F64', shape: [2, 0] },
        { name: 'b', dtype: 'F64', shape: [2] },
      ],
      num_parameters: 9,
    };
    expect((await layoutOf(training)).body).toEqual(expected);
    const job = await newJob(api, training);
    expectProblem(await layoutOf(training, job), 400, 'job_not_complete');
    await submitUpdate(api, training, job, training.devices[0]!, { w: [[0, 0, 0], [0, 0, 0]], 'scale{"}': 0, none: [[], []], b: [0, 0] });
    await jobWith(api, training, job, 'COMPLETED');
    for (const which of ['start', 'current', job]) expect((await layoutOf(training, which)).body, which).toEqual(expected);
    const { body } = await send(api, 'POST', '/v1/experiment/fork', { key: api.adminKey, json: { project_id: training.project, experiment_id: training.experiment } });
    expect((await layoutOf({ ...training, experiment: body.ID })).body).toEqual(expected);
  });

  it('tells of a safetensors model each dtype as the file has it', async () => {
    const bytes = safetensors({ half: { dtype: 'F16', shape: [2], data: new Uint8Array(4) }, count: { dtype: 'I64', shape: [], data: new Uint8Array(8) }, conv: { dtype: 'BF16', shape: [2, 1, 3], data: new Uint8Array(12) } });
    const training = await newTrainingOf(api, 1, bytes);
    const job = await newJob(api, training);
    expect((await uploadUpdate(api, training, job, training.devices[0]!, bytes)).status).toBe(204);
    await jobWith(api, training, job, 'COMPLETED');
    const { body } = await layoutOf(training, job);
    expect([body.format, body.num_parameters]).toEqual(['safetensors', 9]);
    expect(body.tensors.toSorted((a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1))).toEqual([
      { name: 'conv', dtype: 'BF16', shape: [2, 1, 3] },
      { name: 'count', dtype: 'I64', shape: [] },
      { name: 'half', dtype: 'F16', shape: [2] },
    ]);
  });

  it('gives all of ten thousand tensors, whatever stands where one piece ends and the next begins', async () => {
    // Of lengths that grow, with everything in them that means something in JSON.
    const names = Array.from({ length: 10_000 }, (_, n) => `${n} {[\\"${'}],{'.repeat(n % 23)}ä👩‍🔬`);
    const training = await newTraining(api, 1, Object.fromEntries(names.map((name, n) => [name, n % 3 ? [n, n] : n])));
    const { body } = await layoutOf(training);
    expect(body.tensors).toEqual(names.map((name, n) => ({ name, dtype: 'F64', shape: n % 3 ? [2] : [] })));
    expect(body.num_parameters).toBe(names.reduce((sum, _, n) => sum + (n % 3 ? 2 : 1), 0));
  });

  it('is refused of what is not there', async () => {
    const training = await newTraining(api, 1, model(0));
    expectProblem(await layoutOf({ ...training, experiment: await newExperiment(api, training.project) }), 400, 'start_model_missing');
    expectProblem(await layoutOf(training, 'f'.repeat(32)), 404, 'job_not_found');
    expectProblem(await layoutOf(training, 'best'), 400, 'best_model_missing');
    expectProblem(await layoutOf({ ...training, experiment: 'f'.repeat(32) }), 404, 'experiment_not_found');
  });
});
