import { describe, expect, it } from 'vitest';
import { contract, operations, refusals, refusedBy } from '../src/index.js';

const codesOf = (name: string) => refusedBy(operations({ ...contract }).find((each) => each.name === name)!);

describe('what an operation may be refused for', () => {
  it('follows from what it names and who may call it', () => {
    expect(codesOf('project.list')).toEqual(['user_key_required']);
    expect(codesOf('experiment.get')).toEqual(['user_key_required', 'project_not_found', 'experiment_not_found']);
    expect(codesOf('job.retry')).toEqual(['job_not_retryable', 'not_enough_devices', 'permission_denied', 'user_key_required', 'project_not_found', 'job_not_found']);
    expect(codesOf('user.create')).toEqual(['server_admin_required', 'user_key_required']);
    expect(codesOf('device.next_job')).toEqual(['device_key_required', 'project_not_found']);
    expect(codesOf('job.start_model')).toEqual(['job_not_started', 'permission_denied', 'device_not_drawn', 'project_not_found', 'job_not_found']);
    expect(codesOf('auth.whoami')).toEqual([]);
  });

  it('is told in the same order everywhere, whether it follows or is said', () => {
    expect(codesOf('experiment.submit_start_model')).toEqual(expect.arrayContaining(['start_model_already_submitted', 'invalid_model', 'storage_full']));
    const order = Object.keys(refusals);
    for (const operation of operations({ ...contract })) {
      const codes = refusedBy(operation);
      expect(codes, operation.name).toEqual(codes.toSorted((a, b) => order.indexOf(a) - order.indexOf(b)));
    }
  });
});
