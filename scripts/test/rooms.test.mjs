import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check } from './clean-workspace.mjs';

const createJob = 'apps/api/src/features/jobs/create-job.ts';
const forbidden = [
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
