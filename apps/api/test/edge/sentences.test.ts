import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newProject, send, startApi, type TestApi } from '../support/api.js';
import { levels, newMember } from '../support/members.js';
import { askTicket, newPlace, submitText } from '../support/uploads.js';
import { newTraining } from '../support/training.js';

// What is wrong and what to do, in words that need no knowledge of the code or of the validator behind it.
describe('a refusal says in plain words', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi('sqlite', { MAX_MODEL_BYTES: '1000', MAX_JSON_MODEL_BYTES: '1000' });
  });
  afterAll(() => api.close());

  const detail = async (method: string, path: string, json?: unknown, key = api.adminKey): Promise<string> => (await send(api, method, path, { key, ...(json !== undefined && { json }) })).body.detail;

  it.each([
    ['/v1/project/list?limit=0', '/query/limit must be at least 1.'],
    ['/v1/project/list?limit=201', '/query/limit must be at most 200.'],
    ['/v1/project/list?limit=many', '/query/limit must be a number.'],
    [`/v1/experiment/list/${'a'.repeat(32)}?status=busy`, '/query/status must be "active" or "idle".'],
    [`/v1/job/list/${'a'.repeat(32)}/${'b'.repeat(32)}?status=DONE`, '/query/status must be "INITIALIZED", "IN_PROGRESS", "AGGREGATION_IN_PROGRESS", "COMPLETED", "CANCELLED", or "FAILED".'],
  ])('GET %s', async (path, sentence) => {
    expect(await detail('GET', path)).toBe(sentence);
  });

  const id = 'a'.repeat(32);
  it.each([
    ['/v1/project/create', {}, '/body/project_name is required.'],
    ['/v1/project/create', { project_name: 7 }, '/body/project_name must be of type string, not number.'],
    ['/v1/project/create', { project_name: '' }, '/body/project_name must have at least 1 character.'],
    ['/v1/project/create', { project_name: 'x'.repeat(201) }, '/body/project_name must have at most 200 characters.'],
    ['/v1/project/create', { project_name: 'x', colour: 1 }, '/body must not have the key "colour".'],
    ['/v1/project/create', { project_name: 'x', colour: 1, size: 1 }, '/body must not have the keys "colour", "size".'],
    ['/v1/project/add_member', { project_id: id, user_id: id, permission_level: 7 }, '/body/permission_level must be 100, 10, 5, or 1.'],
    ['/v1/experiment/fork', { project_id: id, experiment_id: id, from: 'there' }, '/body/from must be "start", "current", "best" or a job id.'],
    ['/v1/job/create', { project_id: id, experiment_id: id, num_devices: 0 }, '/body/num_devices must be at least 1.'],
    ['/v1/job/create', { project_id: id, experiment_id: id, num_devices: 1, termination_criteria: [{ type: 'DurationTerminationCriteria', max_duration_sec: 0 }] }, '/body/termination_criteria/0/max_duration_sec must be more than 0.'],
    ['/v1/project/create', { project_name: 'x'.repeat(300_000) }, 'The body may have at most 262144 bytes.'],
  ])('POST %s %j', async (path, json, sentence) => {
    expect(await detail('POST', path, json)).toBe(sentence);
  });

  it('which permission level is missing', async () => {
    const project = await newProject(api);
    const member = await newMember(api, project, levels.READ_ONLY);
    expect(await detail('POST', '/v1/experiment/create', { project_id: project }, member.key)).toBe('This takes permission level 5, and the caller has 1. An admin of the project can raise it.');
  });

  it('how many devices are missing', async () => {
    const { project, experiment } = await newTraining(api, 1);
    expect(await detail('POST', '/v1/job/create', { project_id: project, experiment_id: experiment, num_devices: 3 })).toBe('The job asks for 3 devices and the project has 1. Register more, or ask for fewer.');
  });

  it('how large a model may be, whichever way it comes', async () => {
    const sentence = 'The model is larger than 1000 bytes, the most that this server takes.';
    const model = JSON.stringify({ w: Array(600).fill(1) });
    const place = await newPlace(api);
    expect((await submitText(api, place, model)).body.detail).toBe(sentence);
    const { url, fields } = await askTicket(api, place);
    const large = 'x'.repeat(70_000);
    for (const body of [model, large]) expect((await send({ url: '' }, 'PUT', `${url}?${new URLSearchParams(fields)}`, { body, headers: { 'Content-Type': 'application/json' } })).body.detail).toBe(sentence);
  });
});
