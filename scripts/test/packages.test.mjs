import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check, manifest } from './clean-workspace.mjs';

const forbidden = [
  ['domain', 'packages/domain/src/mean.ts', `import 'zod';`, '@vergeai/domain may not import zod.'],
  ['domain, by type', 'packages/domain/src/mean.ts', `import type { Stats } from 'node:fs';`, "@vergeai/domain may not import Node's own modules (node:fs)."],
  ['contract', 'packages/contract/src/index.ts', `import '@vergeai/domain';`, '@vergeai/contract may not import @vergeai/domain.'],
  ['contract, dynamically', 'packages/contract/src/index.ts', `await import('express');`, '@vergeai/contract may not import express.'],
  ['db', 'packages/db/src/index.ts', `export { x } from '@vergeai/domain';`, '@vergeai/db may not import @vergeai/domain.'],
  ['sdk', 'packages/sdk/src/index.ts', `import '@vergeai/domain';`, '@vergeai/sdk may not import @vergeai/domain.'],
  ['sdk, by type', 'packages/sdk/src/index.ts', `import type { Contract } from '@vergeai/contract';`, '@vergeai/sdk may not import @vergeai/contract.'],
  ['sdk, which runs in browsers', 'packages/sdk/src/index.ts', `import 'fs/promises';`, "@vergeai/sdk may not import Node's own modules (fs/promises)."],
  ['worker', 'packages/worker/src/index.ts', `import '@vergeai/contract';`, '@vergeai/worker may not import @vergeai/contract.'],
  ['cli', 'apps/cli/src/main.ts', `import '@vergeai/db';`, '@vergeai/cli may not import @vergeai/db.'],
  ['web', 'apps/web/src/page.tsx', `import '@vergeai/domain';`, '@vergeai/web may not import @vergeai/domain.'],
  ['api', 'apps/api/src/features/jobs/create.ts', `import type { Client } from '@vergeai/sdk';`, '@vergeai/api may not import @vergeai/sdk.'],
  ['an example', 'examples/quick-start/main.ts', `import '@vergeai/db';`, '@vergeai/db is not among the dependencies in package.json.'],

  ["another package's inside", 'packages/sdk/src/index.ts', `import '@vergeai/contract/src/job.js';`, '@vergeai/contract/src/job.js is not something that @vergeai/contract exports.'],
  ["another package's folder", 'packages/sdk/test/client.test.ts', `import '../../contract/src/index.js';`, '../../contract/src/index.js is outside the package; import the package it belongs to.'],
  ['its own name', 'packages/sdk/src/index.ts', `import '@vergeai/sdk';`, '@vergeai/sdk is this package; import the file itself.'],
  ['a package it does not declare', 'packages/db/src/index.ts', `import 'left-pad';`, 'left-pad is not among the dependencies in package.json.'],
  ['a development dependency in shipped code', 'packages/sdk/src/index.ts', `import '@vergeai/testkit';`, '@vergeai/sdk may not import @vergeai/testkit.'],
];

for (const [who, file, line, sentence] of forbidden) {
  test(`refused for ${who}: ${line}`, (t) => {
    assert.deepEqual(check(t, { [file]: `// first line\n${line}\n` }), [`${file}:2: ${sentence}`]);
  });
}

test('refuses a dependency in package.json even before anything imports it', (t) => {
  const planted = { 'packages/domain/package.json': manifest('domain', ['zod']) };
  assert.deepEqual(check(t, planted), ['packages/domain/package.json:1: @vergeai/domain may not depend on zod.']);
});

test('opens of a package no more than the entry that a rule names', (t) => {
  const sdk = { 'packages/sdk/package.json': manifest('sdk', ['@vergeai/domain'], ['@vergeai/testkit']) };
  const domain = manifest('domain', [], ['vitest']);
  const workspace = { ...sdk, 'packages/domain/package.json': { ...domain, exports: { ...domain.exports, './media-types': './dist/media-types.js' } } };
  assert.deepEqual(check(t, { ...workspace, 'packages/sdk/src/index.ts': `import '@vergeai/domain/media-types';` }), []);
  assert.deepEqual(check(t, { ...workspace, 'packages/sdk/src/index.ts': `import '@vergeai/domain';` }), [
    'packages/sdk/src/index.ts:1: @vergeai/sdk may not import @vergeai/domain.',
  ]);
});

test('refuses a package that the tables do not know', (t) => {
  const planted = { 'packages/new/package.json': manifest('new', []) };
  assert.deepEqual(check(t, planted), ['packages/new/package.json:1: @vergeai/new is missing from scripts/house/rules.mjs.']);
});
