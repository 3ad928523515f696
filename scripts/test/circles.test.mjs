import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check } from './clean-workspace.mjs';

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
