import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isForOthers } from '../commands/pack.mjs';
import { workspacePackages } from '../setup/workspace.mjs';

const packed = workspacePackages().filter(isForOthers);

test('the packages for others are the client, the worker and what they need, and the command line', () => {
  assert.deepEqual(packed.map(({ dir }) => dir), ['apps/cli', 'packages/domain', 'packages/sdk', 'packages/worker']);
});

test('none of them needs a package of this repository that is not packed', () => {
  const names = packed.map(({ manifest }) => manifest.name);
  for (const { manifest } of packed) {
    const ours = Object.entries(manifest.dependencies ?? {}).filter(([, version]) => version.startsWith('workspace:'));
    for (const [name] of ours) assert.ok(names.includes(name), `${manifest.name} needs ${name}`);
  }
});
