import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { experiment, experimentId, job, model, project } from './support/documented.js';
import { answerSchema, faults } from './support/route.js';

type Value = Record<string, unknown>;

const without = (object: Value, key: string): Value => Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));

/** No key less: refused. No key more: what the server would add never reaches the wire, because answers are parsed. */
function expectExact(schema: z.ZodType, object: Value, keys: readonly string[]) {
  expect(Object.keys(schema.parse(object) as Value)).toEqual(keys);
  expect(schema.parse(object)).toEqual(object);
  for (const key of keys) expect(faults(schema, without(object, key)), key).toContain(key);
  expect(schema.parse({ ...object, owner: 'Ada', _id: 1 })).toEqual(object);
}

describe('a documented Experiment', () => {
  const keys = ['ID', 'jobs', 'hyperparameters', 'current_job', 'start_model', 'current_model', 'is_active'];

  it.each(['experiment.create', 'experiment.get', 'experiment.update', 'experiment.fork'])('is exact in the answer of %s', (name) => {
    expectExact(answerSchema(name), experiment, keys);
  });

  it('keeps its hyperparameters as they are', () => {
    const hyperparameters = { layers: [{ units: 8, activation: null }], name: 'ü', nested: { deep: true } };
    expect(answerSchema('experiment.get').parse({ ...experiment, hyperparameters })).toHaveProperty('hyperparameters', hyperparameters);
  });
});

describe('a documented Job', () => {
  const keys = [
    'ID', 'status', 'devices', 'aggregate_model', 'start_model', 'configuration',
    'models', 'created_on', 'billable_size', 'project_id', 'experiment_id',
  ];
  const configurationKeys = ['num_devices', 'num_buffer_devices', 'device_selection_strategy', 'termination_criteria'];

  it.each(['job.create', 'job.get', 'job.retry'])('is exact in the answer of %s', (name) => {
    expectExact(answerSchema(name), job, keys);
  });

  it('has an exact configuration', () => {
    const schema = answerSchema('job.get');
    const parse = (configuration: Value) => (schema.parse({ ...job, configuration }) as typeof job).configuration;
    expect(Object.keys(parse(job.configuration))).toEqual(configurationKeys);
    expect(parse({ ...job.configuration, retries: '1' })).toEqual(job.configuration);
    for (const key of configurationKeys)
      expect(faults(schema, { ...job, configuration: without(job.configuration, key) })).toEqual([`configuration.${key}`]);
  });

  it('has counts and sizes as decimal strings', () => {
    const schema = answerSchema('job.get');
    for (const key of ['num_devices', 'num_buffer_devices'])
      expect(faults(schema, { ...job, configuration: { ...job.configuration, [key]: 1 } })).toEqual([`configuration.${key}`]);
    expect(faults(schema, { ...job, billable_size: 0 })).toEqual(['billable_size']);
    expect(faults(schema, { ...job, created_on: 1593979876.5 })).toEqual(['created_on']);
  });

  it('has criteria with both numbers as strings and the time it counts from', () => {
    const [criterion] = job.configuration.termination_criteria;
    const check = (changed: Value) => faults(answerSchema('job.get'), { ...job, configuration: { ...job.configuration, termination_criteria: [changed] } });
    expect(check({ ...criterion, start_epoch_time: 'NONE' })).toEqual([]);
    for (const key of ['type', 'max_duration_sec', 'start_epoch_time'])
      expect(check(without(criterion!, key))).toEqual([`configuration.termination_criteria.0.${key}`]);
    expect(check({ ...criterion, max_duration_sec: 60 })).toEqual(['configuration.termination_criteria.0.max_duration_sec']);
  });

  it.each(['INITIALIZED', 'IN_PROGRESS', 'AGGREGATION_IN_PROGRESS', 'COMPLETED', 'CANCELLED', 'FAILED'])('can be %s', (status) => {
    expect(faults(answerSchema('job.get'), { ...job, status })).toEqual([]);
  });

  it.each(['', 'completed', 'DONE', 'NONE', null, 3])('cannot be %o', (status) => {
    expect(faults(answerSchema('job.get'), { ...job, status })).toEqual(['status']);
  });
});

describe('a documented project', () => {
  const schema = answerSchema('project.get');

  it('is exact', () => {
    expectExact(schema, project, ['name', 'ID', 'devices', 'experiments', 'members', 'billing']);
  });

  it('has exact devices, experiments, members and an empty billing', () => {
    const grown = {
      ...project,
      devices: Object.fromEntries(Object.entries(project.devices).map(([id, device]) => [id, { ...device, key: 'secret' }])),
      experiments: { [experimentId]: { ...experiment, name: 'Baseline' } },
      members: Object.fromEntries(Object.entries(project.members).map(([id, member]) => [id, { ...member, email: 'a@b.c' }])),
      billing: { due: 1 },
    };
    expect(schema.parse(grown)).toEqual(project);
  });

  it.each([0, 2, 11, '100', null])('has no member of level %o', (permission_level) => {
    expect(schema.safeParse({ ...project, members: { [experimentId]: { permission_level } } }).success).toBe(false);
  });
});

describe('a model in a documented object', () => {
  const schema = answerSchema('experiment.get');
  const accepts = (start_model: unknown) => schema.safeParse({ ...experiment, start_model }).success;

  it('is {} or all of entity_id, name and size', () => {
    expect(accepts({})).toBe(true);
    expect(accepts(model)).toBe(true);
  });

  it.each(['entity_id', 'name', 'size'])('is never without %s', (key) => {
    expect(accepts(without(model, key))).toBe(false);
  });

  it.each([
    ['a key more', { ...model, sha256: '00' }],
    ['another key alone', { url: '/v1/download' }],
    ['a size as a number', { ...model, size: 403693 }],
    ['null', null],
    ['an id', experimentId],
  ])('is never %s', (_, value) => {
    expect(accepts(value)).toBe(false);
  });
});

describe('the small documented answers', () => {
  it.each([
    ['auth.create', { key: 'k' }],
    ['auth.create_key', { key: 'k' }],
    ['project.create', { project_id: experimentId }],
    ['project.delete', {}],
    ['project.active_jobs', { job_ids: [experimentId] }],
    ['experiment.submit_start_model', { model_url: { url: 'http://127.0.0.1/v1/upload', fields: { key: 'a', ticket: 'b' } } }],
    ['job.cancel', {}],
    ['job.start_model', { model_url: 'http://127.0.0.1/v1/download?ticket=t' }],
    ['job.aggregate_model', { model_url: 'http://127.0.0.1/v1/download?ticket=t' }],
    ['device.create', { device_id: experimentId, device_api_key: 'k' }],
    ['device.register', { device_id: experimentId, device_api_key: 'k' }],
    ['device.is_active', { is_device_active: false }],
    ['device.submit_model_update', { model_url: { url: 'http://127.0.0.1/v1/upload', fields: { key: 'a', ticket: 'b' } } }],
  ])('%s answers exactly %o', (name, body) => {
    expectExact(answerSchema(name), body, Object.keys(body));
  });
});
