import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check } from './clean-workspace.mjs';

const lease = 'apps/api/src/engine/lease.ts';

const ways = [
  [`const now = Date.now();`, 'Date.now'],
  [`const clock = { now: Date.now };`, 'Date.now'],
  [`const now = new Date();`, 'new Date'],
  [`const now = new Date;`, 'new Date'],
  [`const startedAt = performance.now();`, 'performance.now'],
  [`const startedAt = process.hrtime.bigint();`, 'process.hrtime'],
  [`const timer = setTimeout(end, 50);`, 'setTimeout'],
  [`globalThis.setInterval(look, 50);`, 'setInterval'],
  [`await fetch(url, { signal: AbortSignal.timeout(50) });`, 'AbortSignal.timeout'],
  [`import { setTimeout as pause } from 'node:timers/promises';`, `'node:timers/promises'`],
  [`import timers from "timers";`, `"timers"`],
];

for (const [line, what] of ways) {
  test(`refused for taking the time from the machine: ${line}`, (t) => {
    assert.deepEqual(check(t, { [lease]: `// first line\n${line}\n` }), [
      `${lease}:2: ${what} stands outside time/; take now, sleeps and timers from the context.`,
    ]);
  });
}

test('lets time/ know the machine, and others ask the context, read a date and limit a socket', (t) => {
  const planted = {
    'apps/api/src/time/every.ts': `import { setTimeout as pause } from 'node:timers/promises';\nconst now = new Date();`,
    [lease]: `const at = new Date(row.createdAt);\nconst later = new Date( at.getTime() + 50);\nsocket.setTimeout(50);\n// Date.now()\nctx.clock.now();`,
  };
  assert.deepEqual(check(t, planted), []);
});
