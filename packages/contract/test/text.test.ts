import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { experimentId, jobId, projectId } from './support/documented.js';
import { faults, requestSchema } from './support/route.js';

const ids = { project_id: projectId, experiment_id: experimentId };

/** Every free text of a request with its limits. */
const texts = [
  { name: 'project.create', key: 'project_name', min: 1, max: 200, rest: {} },
  { name: 'project.create', key: 'project_description', min: 0, max: 10_000, rest: { project_name: 'p' } },
  { name: 'project.update', key: 'project_name', min: 1, max: 200, rest: { project_id: projectId } },
  { name: 'project.update', key: 'project_description', min: 0, max: 10_000, rest: { project_id: projectId } },
  { name: 'experiment.create', key: 'experiment_name', min: 1, max: 200, rest: { project_id: projectId } },
  { name: 'experiment.create', key: 'experiment_description', min: 0, max: 10_000, rest: { project_id: projectId } },
  { name: 'experiment.update', key: 'experiment_name', min: 1, max: 200, rest: ids },
  { name: 'experiment.update', key: 'experiment_description', min: 0, max: 10_000, rest: ids },
  { name: 'experiment.fork', key: 'experiment_name', min: 1, max: 200, rest: ids },
  { name: 'experiment.fork', key: 'experiment_description', min: 0, max: 10_000, rest: ids },
  { name: 'experiment.pause', key: 'reason', min: 1, max: 1000, rest: ids },
  { name: 'experiment.rollback', key: 'reason', min: 1, max: 1000, rest: { ...ids, to: 'start' } },
  { name: 'sweep.create', key: 'sweep_name', min: 1, max: 150, rest: { ...ids, hyperparameters: { lr: { values: [1] } }, method: 'grid', num_jobs: 1, job: { num_devices: 1 }, metric: 'loss', mode: 'min' } },
  { name: 'sweep.create', key: 'metric', min: 1, max: 100, rest: { ...ids, hyperparameters: { lr: { values: [1] } }, method: 'grid', num_jobs: 1, job: { num_devices: 1 }, mode: 'min' } },
  { name: 'device.create', key: 'device_name', min: 1, max: 200, rest: { project_id: projectId } },
  { name: 'device.update', key: 'device_name', min: 1, max: 200, rest: { project_id: projectId, device_id: jobId } },
  { name: 'user.create', key: 'user_name', min: 1, max: 200, rest: {} },
  { name: 'auth.create', key: 'label', min: 1, max: 100, rest: {} },
  { name: 'auth.create_session', key: 'code', min: 1, max: 100, rest: {} },
  { name: 'device.report_failure', key: 'reason', min: 1, max: 1000, rest: { project_id: projectId, job_id: jobId } },
];

describe.each(texts)('$key of $name', ({ name, key, min, max, rest }) => {
  const check = (value: unknown) => faults(requestSchema(name, 'body'), { ...rest, [key]: value });

  it(`has ${min} to ${max} characters`, () => {
    for (const length of [min, max]) expect(check('x'.repeat(length))).toEqual([]);
    expect(check('x'.repeat(max + 1))).toEqual([key]);
    if (min > 0) expect(check('')).toEqual([key]);
  });

  it('may be in any script and have line breaks', () => {
    for (const value of ['Größe', '実験', '👩‍🔬', 'two\nlines', "'; DROP TABLE x; --", '<b>', '\u202e', '\uffff']) expect(check(value), value).toEqual([]);
  });

  it('never has what a database or a JSON reader cannot hold', () => {
    for (const value of ['\0', 'a\0b', '\ud800', 'a\udc00', '\udc00\ud800', '👩'.slice(0, 1)]) expect(check(value), JSON.stringify(value)).toEqual([key]);
  });

  it('is text', () => {
    for (const value of [7, true, ['x'], { $gt: '' }]) expect(check(value), JSON.stringify(value)).toEqual([key]);
  });

  it('comes in as it was sent', () => {
    const schema = requestSchema(name, 'body');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 5 }), (value) => {
        expect(schema.parse({ ...rest, [key]: ` ${value} ` })).toMatchObject({ [key]: ` ${value} ` });
      }),
    );
  });
});

describe('an update of an experiment', () => {
  it('clears a text with null and nothing else', () => {
    const check = (change: object) => faults(requestSchema('experiment.update', 'body'), { ...ids, ...change });
    expect(check({ experiment_name: null, experiment_description: null })).toEqual([]);
    expect(check({ hyperparameters: null })).toEqual(['hyperparameters']);
  });
});

describe('an update of a project', () => {
  it('clears the description with null, and not the name, which it always has', () => {
    const check = (change: object) => faults(requestSchema('project.update', 'body'), { project_id: projectId, ...change });
    expect(check({ project_description: null })).toEqual([]);
    expect(check({ project_name: null })).toEqual(['project_name']);
  });
});
