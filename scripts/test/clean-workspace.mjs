import { checkWorkspace } from '../house/check-workspace.mjs';
import { plant } from './plant.mjs';

/** A workspace in miniature that keeps every rule. */
export const clean = {
  'pnpm-workspace.yaml': 'packages:\n  - apps/*\n  - packages/*\n  - examples/*\n',
  'packages/domain/package.json': manifest('domain', [], ['vitest']),
  'packages/domain/src/index.ts': `export * from './mean.js';`,
  'packages/domain/src/mean.ts': `export const mean = 1;`,
  'packages/contract/package.json': manifest('contract', ['zod', '@ts-rest/core']),
  'packages/contract/src/index.ts': `import { z } from 'zod';`,
  'packages/contract/src/job.ts': `export const job = { create: { path: '/v1/job/create' }, list: { path: '/v1/job/list/:project_id' } };`,
  'packages/contract/src/transfer.ts': `export const upload = { path: '/v1/upload' };`,
  'packages/db/package.json': manifest('db', ['pg']),
  'packages/db/src/index.ts': `import pg from 'pg';`,
  'packages/testkit/package.json': manifest('testkit', []),
  'packages/sdk/package.json': manifest('sdk', [], ['@vergeai/contract', '@vergeai/testkit']),
  'packages/sdk/src/index.ts': `import type { Stats } from 'node:fs';`,
  'packages/sdk/test/client.test.ts': `import { server } from '@vergeai/testkit';\nimport '@vergeai/sdk';`,
  'packages/worker/package.json': manifest('worker', ['@vergeai/sdk', '@vergeai/domain']),
  'packages/worker/src/index.ts': `import '@vergeai/sdk';\nimport '@vergeai/domain';`,
  'apps/cli/package.json': manifest('cli', [], ['@vergeai/sdk', '@vergeai/worker']),
  'apps/cli/src/main.ts': `import '@vergeai/worker';`,
  'apps/web/package.json': manifest('web', ['@vergeai/sdk', 'react']),
  'apps/web/src/main.tsx': `import '@vergeai/sdk';\nimport './page';\nimport './page.css';`,
  'apps/web/src/page.tsx': `import 'react';`,
  'apps/api/package.json': manifest('api', ['@vergeai/contract', '@vergeai/domain', '@vergeai/db', 'express', '@ts-rest/express']),
  'apps/api/src/main.ts': `import './app.js';\nimport './start/open-context.js';\nimport './upkeep/background.js';\nimport { readConfig } from './config.js';\nreadConfig(process.env);`,
  'apps/api/src/app.ts': `import express from 'express';\nimport './features/index.js';\nimport './http/problem.js';`,
  'apps/api/src/config.ts': `export const readConfig = (env) => env ?? process.env;`,
  'apps/api/src/context.ts': `import type { BlobStore } from './storage/blob-store.js';\nexport interface Context {}`,
  'apps/api/src/refusal.ts': `export class Refusal {}`,
  'apps/api/src/start/open-context.ts': `import './log.js';\nimport '../storage/file-blob-store.js';\nimport '../tasks/embedded-task-queue.js';\nimport '../models/keep-model.js';`,
  'apps/api/src/start/log.ts': `import '../config.js';`,
  'apps/api/src/upkeep/background.ts': `import '../engine/end-job.js';\nimport '../time/every.js';`,
  'apps/api/src/time/every.ts': ``,
  'apps/api/src/access/actor.ts': `import type { Context } from '../context.js';`,
  'apps/api/src/writing/step.ts': `import type { Context } from '../context.js';\nimport '../access/actor.js';`,
  'apps/api/src/writing/record-audit.ts': ``,
  'apps/api/src/reading/present-job.ts': `import '../models/keep-model.js';`,
  'apps/api/src/engine/end-job.ts': `import '@vergeai/domain';\nimport '../models/keep-model.js';\nimport '../writing/step.js';`,
  'apps/api/src/engine/lease.ts': ``,
  'apps/api/src/models/keep-model.ts': `import '../writing/step.js';\nimport '../storage/blob-store.js';`,
  'apps/api/src/features/index.ts': `import './jobs/routes.js';\nimport './transfers/routes.js';`,
  'apps/api/src/features/jobs/routes.ts': `import '@ts-rest/express';\nimport '../../http/problem.js';\nimport './create.js';`,
  'apps/api/src/features/jobs/create.ts': `import '@vergeai/domain';\nimport type { Context } from '../../context.js';\nimport '../../engine/end-job.js';\nimport '../../reading/present-job.js';\nimport './create-checks.js';`,
  'apps/api/src/features/jobs/create-checks.ts': `import '../../refusal.js';\nimport '../../tasks/task-queue.js';`,
  'apps/api/src/features/jobs/list.ts': ``,
  'apps/api/src/features/transfers/routes.ts': `import '../../http/problem.js';\nimport './upload.js';`,
  'apps/api/src/features/transfers/upload.ts': `import '../../access/actor.js';`,
  'apps/api/src/http/problem.ts': `import express from 'express';\nimport '../refusal.js';`,
  'apps/api/src/storage/blob-store.ts': ``,
  'apps/api/src/storage/file-blob-store.ts': `import './blob-store.js';\nimport './staging.js';`,
  'apps/api/src/storage/staging.ts': ``,
  'apps/api/test/storage/file-blob-store.test.ts': ``,
  'apps/api/src/tasks/task-queue.ts': `import '../time/every.js';`,
  'apps/api/src/tasks/embedded-task-queue.ts': `import './task-queue.js';\nimport '../time/every.js';`,
  'examples/quick-start/package.json': manifest('example-quick-start', ['@vergeai/sdk']),
  'examples/quick-start/main.ts': `import '@vergeai/sdk';`,
};

/** What is wrong with that workspace when these files stand in it. */
export function check(t, planted) {
  return checkWorkspace(plant(t, { ...clean, ...planted }));
}

export function manifest(name, dependencies, devDependencies = []) {
  const versions = (names) => Object.fromEntries(names.map((each) => [each, '*']));
  return {
    name: `@vergeai/${name}`,
    exports: { '.': './dist/index.js' },
    dependencies: versions(dependencies),
    devDependencies: versions(devDependencies),
  };
}
