import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check } from './clean-workspace.mjs';

const strategies = 'packages/domain/src/aggregation/strategies';
const list = (...names) => names.map((name) => `import './${name}.js';`).join('\n');

test('a strategy is listed and has a test, and is told what it lacks', (t) => {
  const planted = {
    [`${strategies}/strategies.ts`]: list('fed-avg', 'krum'),
    [`${strategies}/fed-avg.ts`]: '',
    [`${strategies}/fed-median.ts`]: '',
    [`${strategies}/krum.ts`]: '',
    'packages/domain/test/aggregation/strategies/fed-avg.test.ts': '',
    'packages/domain/test/aggregation/strategies/fed-median.test.ts': '',
  };
  assert.deepEqual(check(t, planted), [
    `${strategies}/fed-median.ts:1: Nobody can choose this strategy: ${strategies}/strategies.ts does not import it.`,
    `${strategies}/krum.ts:1: This strategy has no test packages/domain/test/aggregation/strategies/krum.test.ts.`,
  ]);
});

test('a storage is chosen where the parts are put together and has a test, and is told what it lacks', (t) => {
  assert.deepEqual(check(t, { 'apps/api/src/storage/memory-blob-store.ts': '' }), [
    'apps/api/src/storage/memory-blob-store.ts:1: Nobody can choose this storage: apps/api/src/start/open-context.ts does not import it.',
    'apps/api/src/storage/memory-blob-store.ts:1: This storage has no test apps/api/test/storage/memory-blob-store.test.ts.',
  ]);
});
