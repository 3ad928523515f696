import assert from 'node:assert/strict';
import { test } from 'node:test';
import { workspacePackages } from '../setup/workspace.mjs';
import { plant } from './plant.mjs';

test('finds every package that pnpm-workspace.yaml names', (t) => {
  const root = plant(t, {
    'pnpm-workspace.yaml': `packages:\n  - apps/*\n  - 'packages/*'\n  - examples/*\n\ncatalog:\n  zod: 4\n`,
    'apps/api/package.json': { name: 'api' },
    'apps/notes/read.me': '',
    'packages/sdk/package.json': { name: 'sdk' },
    'packages/db/package.json': { name: 'db' },
  });
  assert.deepEqual(
    workspacePackages(root).map(({ dir, manifest }) => `${dir} ${manifest.name}`),
    ['apps/api api', 'packages/db db', 'packages/sdk sdk'],
  );
});
