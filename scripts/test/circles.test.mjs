import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check } from './clean-workspace.mjs';

const circles = [
  [
    'of imports',
    {
      'packages/domain/src/mean.ts': `import './sum.js';`,
      'packages/domain/src/sum.ts': `\nimport './total.js';`,
      'packages/domain/src/total.ts': `\n\nexport * from './mean.js';`,
    },
    'packages/domain/src/total.ts:3: These files import each other in a circle: src/mean.ts → src/sum.ts → src/total.ts → src/mean.ts.',
  ],
  [
    'that only a type closes',
    {
      'packages/domain/src/mean.ts': `import './sum.js';`,
      'packages/domain/src/sum.ts': `import type { Mean } from './mean.js';`,
    },
    'packages/domain/src/sum.ts:1: These files import each other in a circle: src/mean.ts → src/sum.ts → src/mean.ts.',
  ],
  [
    'of tests',
    {
      'packages/sdk/test/a.suite.ts': `import './b.suite.js';`,
      'packages/sdk/test/b.suite.ts': `import './a.suite.js';`,
    },
    'packages/sdk/test/b.suite.ts:1: These files import each other in a circle: test/a.suite.ts → test/b.suite.ts → test/a.suite.ts.',
  ],
  [
    'of scripts in JavaScript',
    {
      'scripts/run.mjs': `void import('./step.mjs');`,
      'scripts/step.mjs': `import { run } from './run.mjs';`,
    },
    'scripts/step.mjs:1: These files import each other in a circle: run.mjs → step.mjs → run.mjs.',
  ],
  [
    'of Python modules',
    {
      'packages/python/src/vergeai/__init__.py': `from .answer import Answer\n`,
      'packages/python/src/vergeai/answer.py': `from .download import Download\n`,
      'packages/python/src/vergeai/download.py': `"""How."""\n\nfrom . import answer\n`,
    },
    'packages/python/src/vergeai/download.py:3: These files import each other in a circle: src/vergeai/answer.py → src/vergeai/download.py → src/vergeai/answer.py.',
  ],
  [
    'of Python modules that only a type closes',
    {
      'packages/python/src/vergeai/__init__.py': ``,
      'packages/python/src/vergeai/answer.py': `from vergeai.worker import Worker\n`,
      'packages/python/src/vergeai/worker/__init__.py': `from .job import Job\n`,
      'packages/python/src/vergeai/worker/job.py': `if TYPE_CHECKING:\n    from ..answer import (\n        Answer,\n    )\n`,
    },
    'packages/python/src/vergeai/worker/job.py:2: These files import each other in a circle: src/vergeai/answer.py → src/vergeai/worker/__init__.py → src/vergeai/worker/job.py → src/vergeai/answer.py.',
  ],
];

for (const [what, planted, sentence] of circles) {
  test(`refuses a circle ${what}, and shows the way round`, (t) => {
    const root = what.includes('Python') ? { 'packages/python/package.json': { name: '@vergeai/python' } } : {};
    assert.deepEqual(check(t, { ...root, ...planted }), [sentence]);
  });
}

test('tells of each circle once and by the shortest way, however many there are in one heap', (t) => {
  const planted = {
    'packages/domain/src/mean.ts': `import './sum.js';\nimport './total.js';`,
    'packages/domain/src/sum.ts': `import './total.js';\nimport './mean.js';`,
    'packages/domain/src/total.ts': `import './mean.js';`,
  };
  assert.deepEqual(
    check(t, planted).map((violation) => violation.split('circle: ')[1]),
    ['src/mean.ts → src/total.ts → src/mean.ts.', 'src/mean.ts → src/sum.ts → src/mean.ts.'],
  );
});

test('allows files that meet again without coming back', (t) => {
  const planted = {
    'packages/domain/src/mean.ts': `import './sum.js';\nimport './total.js';`,
    'packages/domain/src/sum.ts': `import './total.js';`,
    'packages/domain/src/total.ts': `export const total = 1;`,
  };
  assert.deepEqual(check(t, planted), []);
});
