import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check } from './clean-workspace.mjs';

const file = 'apps/api/test/lease.test.ts';

for (const [line, what] of [
  [`await new Promise((resolve) => setTimeout(resolve, 250));`, 'setTimeout'],
  [`const drip = setInterval(() => socket.write(' '), 50);`, 'setInterval'],
  [`import { setTimeout as pause } from 'node:timers/promises';`, `'node:timers/promises'`],
]) {
  test(`refused for sleeping in a test: ${line}`, (t) => {
    assert.deepEqual(check(t, { [file]: `// first line\n${line}\n` }), [
      `${file}:2: ${what} stands in a test; step a clock, or wait for a condition with eventually().`,
    ]);
  });
}

test('refused for testing what was built', (t) => {
  assert.deepEqual(check(t, { [file]: `import { takeLease } from '../dist/engine/lease.js';` }), [
    `${file}:1: ../dist/engine/lease.js is what was built; tests import from src.`,
  ]);
});

test('lets a test step a clock, and hand timers to something of its own', (t) => {
  const planted = `import '../src/engine/lease.js';\nvi.spyOn(globalThis, 'setTimeout');\nrun({ setTimeout });\nawait clock.advance(250);\n// setTimeout(end, 1)`;
  assert.deepEqual(check(t, { [file]: planted }), []);
});
