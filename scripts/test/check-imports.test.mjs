import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { checkWorkspace } from '../imports/check-workspace.mjs';
import { plant } from './plant.mjs';

/** A workspace in miniature that keeps every rule. */
const clean = {
  'pnpm-workspace.yaml': 'packages:\n  - apps/*\n  - packages/*\n  - examples/*\n',
  'packages/domain/package.json': manifest('domain', [], ['vitest']),
  'packages/domain/src/index.ts': `export * from './mean.js';`,
  'packages/domain/src/mean.ts': `export const mean = 1;`,
  'packages/contract/package.json': manifest('contract', ['zod', '@ts-rest/core']),
  'packages/contract/src/index.ts': `import { z } from 'zod';`,
  'packages/db/package.json': manifest('db', ['pg']),
  'packages/db/src/index.ts': `import pg from 'pg';`,
  'packages/testkit/package.json': manifest('testkit', []),
  'packages/sdk/package.json': manifest('sdk', ['@vergeai/contract', 'zod'], ['@vergeai/testkit']),
  'packages/sdk/src/index.ts': `import type { Stats } from 'node:fs';\nimport { contract } from '@vergeai/contract';`,
  'packages/sdk/test/client.test.ts': `import { server } from '@vergeai/testkit';\nimport '@vergeai/sdk';`,
  'packages/worker/package.json': manifest('worker', ['@vergeai/sdk', '@vergeai/domain']),
  'packages/worker/src/index.ts': `import '@vergeai/sdk';\nimport '@vergeai/domain';`,
  'apps/cli/package.json': manifest('cli', ['@vergeai/sdk', '@vergeai/worker']),
  'apps/cli/src/main.ts': `import '@vergeai/worker';`,
  'apps/web/package.json': manifest('web', ['@vergeai/sdk', 'react']),
  'apps/web/src/main.tsx': `import '@vergeai/sdk';\nimport './page';\nimport './page.css';`,
  'apps/web/src/page.tsx': `import 'react';`,
  'apps/api/package.json': manifest('api', ['@vergeai/contract', '@vergeai/domain', '@vergeai/db', 'express', '@ts-rest/express']),
  'apps/api/src/main.ts': `import './app.js';\nimport './background.js';\nimport './context.js';\nimport { readConfig } from './config.js';\nreadConfig(process.env);`,
  'apps/api/src/app.ts': `import express from 'express';\nimport './features/jobs/routes.js';\nimport './http/problem.js';`,
  'apps/api/src/background.ts': `import './tasks/handlers.js';`,
  'apps/api/src/config.ts': `export const readConfig = (env) => env ?? process.env;`,
  'apps/api/src/context.ts': `import './storage/fs.js';\nimport './tasks/embedded.js';\nexport interface Context {}`,
  'apps/api/src/refusal.ts': `export class Refusal {}`,
  'apps/api/src/http/problem.ts': `import express from 'express';\nimport '../refusal.js';`,
  'apps/api/src/features/jobs/routes.ts': `import '@ts-rest/express';\nimport '../../http/problem.js';\nimport './create-job.js';`,
  'apps/api/src/features/jobs/create-job.ts': `import '@vergeai/domain';\nimport type { Context } from '../../context.js';\nimport '../../refusal.js';\nimport '../../tasks/task-queue.js';`,
  'apps/api/src/storage/blob-store.ts': `import '../refusal.js';`,
  'apps/api/src/storage/fs.ts': `import './blob-store.js';`,
  'apps/api/src/tasks/task-queue.ts': `import '../refusal.js';`,
  'apps/api/src/tasks/embedded.ts': `import './task-queue.js';`,
  'apps/api/src/tasks/handlers.ts': `import '../features/jobs/create-job.js';`,
  'examples/quick-start/package.json': manifest('example-quick-start', ['@vergeai/sdk']),
  'examples/quick-start/main.ts': `import '@vergeai/sdk';`,
};

test('a workspace that keeps the rules passes', (t) => {
  assert.deepEqual(check(t, {}), []);
});

const createJob = 'apps/api/src/features/jobs/create-job.ts';
const forbidden = [
  ['domain', 'packages/domain/src/mean.ts', `import 'zod';`, '@vergeai/domain may not import zod.'],
  ['domain, by type', 'packages/domain/src/mean.ts', `import type { Stats } from 'node:fs';`, "@vergeai/domain may not import Node's own modules (node:fs)."],
  ['contract', 'packages/contract/src/index.ts', `import '@vergeai/domain';`, '@vergeai/contract may not import @vergeai/domain.'],
  ['contract, dynamically', 'packages/contract/src/index.ts', `await import('express');`, '@vergeai/contract may not import express.'],
  ['db', 'packages/db/src/index.ts', `export { x } from '@vergeai/domain';`, '@vergeai/db may not import @vergeai/domain.'],
  ['sdk', 'packages/sdk/src/index.ts', `import '@vergeai/domain';`, '@vergeai/sdk may not import @vergeai/domain.'],
  ['sdk, which runs in browsers', 'packages/sdk/src/index.ts', `import 'fs/promises';`, "@vergeai/sdk may not import Node's own modules (fs/promises)."],
  ['worker', 'packages/worker/src/index.ts', `import '@vergeai/contract';`, '@vergeai/worker may not import @vergeai/contract.'],
  ['cli', 'apps/cli/src/main.ts', `import '@vergeai/db';`, '@vergeai/cli may not import @vergeai/db.'],
  ['web', 'apps/web/src/page.tsx', `import '@vergeai/worker';`, '@vergeai/web may not import @vergeai/worker.'],
  ['api', createJob, `import type { Client } from '@vergeai/sdk';`, '@vergeai/api may not import @vergeai/sdk.'],
  ['an example', 'examples/quick-start/main.ts', `import '@vergeai/db';`, '@vergeai/db is not among the dependencies in package.json.'],

  ["another package's inside", 'packages/sdk/src/index.ts', `import '@vergeai/contract/src/job.js';`, '@vergeai/contract/src/job.js is not something that @vergeai/contract exports.'],
  ["another package's folder", 'packages/sdk/test/client.test.ts', `import '../../contract/src/index.js';`, '../../contract/src/index.js is outside the package; import the package it belongs to.'],
  ['its own name', 'packages/sdk/src/index.ts', `import '@vergeai/sdk';`, '@vergeai/sdk is this package; import the file itself.'],
  ['a package it does not declare', 'packages/db/src/index.ts', `import 'left-pad';`, 'left-pad is not among the dependencies in package.json.'],
  ['a development dependency in shipped code', 'packages/sdk/src/index.ts', `import '@vergeai/testkit';`, '@vergeai/sdk may not import @vergeai/testkit.'],

  ['a use case: Express', createJob, `import type { Request } from 'express';`, 'features may not know express; only app, http, routes may.'],
  ['a use case: ts-rest', createJob, `import '@ts-rest/express';`, 'features may not know @ts-rest/express; only app, http, routes may.'],
  ['a use case: the http layer', createJob, `import '../../http/problem.js';`, 'features may not import http (../../http/problem.js).'],
  ['a use case: its routes', createJob, `import type { Routes } from './routes.js';`, 'features may not import routes (./routes.js).'],
  ['a use case: the context itself', createJob, `import { Context } from '../../context.js';`, 'features may not import context except by `import type` (../../context.js).'],
  ['a use case: the environment', createJob, `const home = process.env['HOME'];`, 'features may not read process.env; only config, main may.'],
  ['a use case: the environment in a template', createJob, 'const home = `${process.env.HOME}/x`;', 'features may not read process.env; only config, main may.'],
  ['a use case: the environment by import', createJob, `import { env } from 'node:process';`, 'features may not read process.env; only config, main may.'],
  ['a use case: an implementation', createJob, `import type { Fs } from '../../storage/fs.js';`, 'features may not import storage (../../storage/fs.js).'],
  ['storage: tasks', 'apps/api/src/storage/fs.ts', `import '../tasks/embedded.js';`, 'storage may not import tasks (../tasks/embedded.js).'],
  ['storage: features', 'apps/api/src/storage/fs.ts', `import '../features/jobs/create-job.js';`, 'storage may not import features (../features/jobs/create-job.js).'],
  ['tasks: features', 'apps/api/src/tasks/embedded.ts', `import '../features/jobs/create-job.js';`, 'tasks may not import features (../features/jobs/create-job.js).'],
  ['the context: handlers', 'apps/api/src/context.ts', `import './tasks/handlers.js';`, 'context may not import handlers (./tasks/handlers.js).'],
  ['main: a feature', 'apps/api/src/main.ts', `import './features/jobs/create-job.js';`, 'main may not import features (./features/jobs/create-job.js).'],
  ['errors: a feature', 'apps/api/src/refusal.ts', `import type { Job } from './features/jobs/create-job.js';`, 'ground may not import features (./features/jobs/create-job.js).'],
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

test('refuses a package that the tables do not know', (t) => {
  const planted = { 'packages/new/package.json': manifest('new', []) };
  assert.deepEqual(check(t, planted), ['packages/new/package.json:1: @vergeai/new is missing from scripts/imports/rules.mjs.']);
});

test('refuses a circle of imports and shows the way round', (t) => {
  const planted = {
    'packages/domain/src/mean.ts': `import './sum.js';`,
    'packages/domain/src/sum.ts': `\nimport './total.js';`,
    'packages/domain/src/total.ts': `\n\nexport * from './mean.js';`,
  };
  assert.deepEqual(check(t, planted), [
    'packages/domain/src/total.ts:3: Import cycle: src/mean.ts → src/sum.ts → src/total.ts → src/mean.ts.',
  ]);
});

test('allows a circle that is closed by `import type`', (t) => {
  const planted = {
    'packages/domain/src/mean.ts': `import './sum.js';`,
    'packages/domain/src/sum.ts': `import type { Mean } from './mean.js';`,
  };
  assert.deepEqual(check(t, planted), []);
});

test('the command prints what is wrong and says so with its exit code', (t) => {
  const run = (planted) => {
    const command = fileURLToPath(new URL('../check-imports.mjs', import.meta.url));
    const { status, stdout } = spawnSync(process.execPath, [command, plant(t, { ...clean, ...planted })], { encoding: 'utf8' });
    return { status, stdout };
  };
  assert.deepEqual(run({}), { status: 0, stdout: '' });
  assert.deepEqual(run({ 'packages/domain/src/mean.ts': `import 'zod';` }), {
    status: 1,
    stdout: 'packages/domain/src/mean.ts:1: @vergeai/domain may not import zod.\n',
  });
});

function check(t, planted) {
  return checkWorkspace(plant(t, { ...clean, ...planted }));
}

function manifest(name, dependencies, devDependencies = []) {
  const versions = (names) => Object.fromEntries(names.map((each) => [each, '*']));
  return {
    name: `@vergeai/${name}`,
    exports: { '.': './dist/index.js' },
    dependencies: versions(dependencies),
    devDependencies: versions(devDependencies),
  };
}
