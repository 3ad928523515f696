import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check } from './clean-workspace.mjs';

const createJob = 'apps/api/src/features/jobs/create.ts';
const endJob = 'apps/api/src/engine/end-job.ts';
const fileBlobStore = 'apps/api/src/storage/file-blob-store.ts';
const taskQueue = 'apps/api/src/tasks/embedded-task-queue.ts';

const forbidden = [
  ['a feature: another feature', createJob, `import '../transfers/upload.js';`, 'features/jobs may not import features/transfers (../transfers/upload.js).'],
  ["a feature: another one's type", createJob, `import type { Upload } from '../transfers/upload.js';`, 'features/jobs may not import features/transfers (../transfers/upload.js).'],
  ['a feature: the http layer', createJob, `import '../../http/problem.js';`, 'features/jobs may not import http (../../http/problem.js).'],
  ['a feature: routes', createJob, `import type { Routes } from '../transfers/routes.js';`, 'features/jobs may not import routes (../transfers/routes.js).'],
  ['a feature: Express', createJob, `import type { Request } from 'express';`, 'features/jobs may not know express; only app, routes, http may.'],
  ['a feature: ts-rest', createJob, `import '@ts-rest/express';`, 'features/jobs may not know @ts-rest/express; only app, routes, http may.'],
  ['a feature: an implementation', createJob, `import type { Files } from '../../storage/file-blob-store.js';`, 'features/jobs may not import storage (../../storage/file-blob-store.js).'],
  ['a feature: the environment', createJob, `const home = process.env['HOME'];`, 'features/jobs may not read process.env; only config, main, backup may.'],
  ['a feature: the environment in a template', createJob, 'const home = `${process.env.HOME}/x`;', 'features/jobs may not read process.env; only config, main, backup may.'],
  ['a feature: the environment by import', createJob, `import { env } from 'node:process';`, 'features/jobs may not read process.env; only config, main, backup may.'],
  ["routes: another feature's use case", 'apps/api/src/features/transfers/routes.ts', `import '../jobs/create.js';`, 'routes may not import features/jobs (../jobs/create.js).'],
  ['routes: the engine', 'apps/api/src/features/jobs/routes.ts', `import '../../engine/end-job.js';`, 'routes may not import engine (../../engine/end-job.js).'],
  ['the engine: a feature', endJob, `import type { Upload } from '../features/transfers/upload.js';`, 'engine may not import features/transfers (../features/transfers/upload.js).'],
  ['the engine: the http layer', endJob, `import type { Problem } from '../http/problem.js';`, 'engine may not import http (../http/problem.js).'],
  ['the engine: Express', endJob, `import type { Request } from 'express';`, 'engine may not know express; only app, routes, http may.'],
  ['the engine: what is for reading', endJob, `import '../reading/present-job.js';`, 'engine may not import reading (../reading/present-job.js).'],
  ['the http layer: a feature', 'apps/api/src/http/problem.ts', `import type { Job } from '../features/jobs/create.js';`, 'http may not import features/jobs (../features/jobs/create.js).'],
  ['the http layer: the engine', 'apps/api/src/http/problem.ts', `import '../engine/end-job.js';`, 'http may not import engine (../engine/end-job.js).'],
  ['what is for reading: the engine', 'apps/api/src/reading/present-job.ts', `import '../engine/end-job.js';`, 'reading may not import engine (../engine/end-job.js).'],
  ['models: the engine', 'apps/api/src/models/keep-model.ts', `import '../engine/lease.js';`, 'models may not import engine (../engine/lease.js).'],
  ['writing: the engine', 'apps/api/src/writing/step.ts', `import '../engine/lease.js';`, 'writing may not import engine (../engine/lease.js).'],
  ['access: writing', 'apps/api/src/access/actor.ts', `import type { Audit } from '../writing/record-audit.js';`, 'access may not import writing (../writing/record-audit.js).'],
  ['storage: tasks', fileBlobStore, `import '../tasks/embedded-task-queue.js';`, 'storage may not import tasks (../tasks/embedded-task-queue.js).'],
  ['storage: a feature', fileBlobStore, `import '../features/jobs/create.js';`, 'storage may not import features/jobs (../features/jobs/create.js).'],
  ['tasks: the engine', taskQueue, `import '../engine/end-job.js';`, 'tasks may not import engine (../engine/end-job.js).'],
  ['an interface: its implementation', 'apps/api/src/storage/blob-store.ts', `import type { Staging } from './staging.js';`, 'interfaces may not import storage (./staging.js).'],
  ['the context: an implementation', 'apps/api/src/context.ts', `import type { Files } from './storage/file-blob-store.js';`, 'context may not import storage (./storage/file-blob-store.js).'],
  ['the start: an implementation, where it is not put together', 'apps/api/src/start/log.ts', `import '../storage/file-blob-store.js';`, 'start may not import storage (../storage/file-blob-store.js).'],
  ['upkeep: a feature', 'apps/api/src/upkeep/background.ts', `import '../features/jobs/create.js';`, 'upkeep may not import features/jobs (../features/jobs/create.js).'],
  ['the clock: anything', 'apps/api/src/time/every.ts', `import type { Context } from '../context.js';`, 'time may not import context (../context.js).'],
  ['the app: a use case', 'apps/api/src/app.ts', `import './features/jobs/create.js';`, 'app may not import features/jobs (./features/jobs/create.js).'],
  ['main: a use case', 'apps/api/src/main.ts', `import './features/jobs/create.js';`, 'main may not import features/jobs (./features/jobs/create.js).'],
  ['refusals: anything', 'apps/api/src/refusal.ts', `import type { Config } from './config.js';`, 'refusal may not import config (./config.js).'],
];

for (const [who, file, line, sentence] of forbidden) {
  test(`refused for ${who}: ${line}`, (t) => {
    assert.deepEqual(check(t, { [file]: `// first line\n${line}\n` }), [`${file}:2: ${sentence}`]);
  });
}

for (const file of ['page.ts', 'open-context.ts', 'helpers/sum.ts', 'features/page.ts']) {
  test(`refused for standing in no room of the server: ${file}`, (t) => {
    const planted = { [`apps/api/src/${file}`]: `export const page = 1;` };
    assert.deepEqual(check(t, planted), [`apps/api/src/${file}:1: This file is in no room of scripts/house/rules.mjs.`]);
  });
}
