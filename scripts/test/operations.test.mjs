import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check } from './clean-workspace.mjs';

const missing = [
  ['/v1/job/submit_model_update', 'features/jobs/submit-model-update.ts'],
  ['/v1/job/start_model/:project_id/:job_id', 'features/jobs/start-model.ts'],
  ['/v1/download', 'features/transfers/download.ts'],
  ['/v1/experiment/create', 'features/experiments/create.ts'],
];

for (const [path, file] of missing) {
  test(`refused for having no file named by its URL: ${path}`, (t) => {
    const planted = { 'packages/contract/src/more.ts': `// '/v1/job/not_an_operation'\nexport const more = { path: '${path}' };` };
    assert.deepEqual(check(t, planted), [`packages/contract/src/more.ts:2: ${path} has no file apps/api/src/${file}.`]);
  });
}

for (const file of ['features/jobs/cancel.ts', 'features/jobs/model-links.ts', 'features/jobs/recreate.ts', 'features/transfers/create.ts']) {
  test(`refused for bearing the name of no operation: ${file}`, (t) => {
    const folder = file.slice(0, file.lastIndexOf('/'));
    assert.deepEqual(check(t, { [`apps/api/src/${file}`]: '' }), [`apps/api/src/${file}:1: This file bears the name of no operation of ${folder}.`]);
  });
}

test('tells of an operation whose file is gone, and lets a file stand that helps one', (t) => {
  const planted = { 'apps/api/src/features/jobs/list.ts': undefined, 'apps/api/src/features/transfers/complete-upload.ts': '' };
  assert.deepEqual(check(t, planted), ['packages/contract/src/job.ts:1: /v1/job/list/:project_id has no file apps/api/src/features/jobs/list.ts.']);
});
