import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { check, clean } from './clean-workspace.mjs';
import { plant } from './plant.mjs';

test('a workspace that keeps the rules passes', (t) => {
  assert.deepEqual(check(t, {}), []);
});

test('the command prints what is wrong and says so with its exit code', (t) => {
  const run = (planted) => {
    const command = fileURLToPath(new URL('../check-house.mjs', import.meta.url));
    const { status, stdout } = spawnSync(process.execPath, [command, plant(t, { ...clean, ...planted })], { encoding: 'utf8' });
    return { status, stdout };
  };
  assert.deepEqual(run({}), { status: 0, stdout: '' });
  assert.deepEqual(run({ 'packages/domain/src/mean.ts': `import 'zod';` }), {
    status: 1,
    stdout: 'packages/domain/src/mean.ts:1: @vergeai/domain may not import zod.\n',
  });
});
