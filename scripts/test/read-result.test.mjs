import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RESULT_FILE, readResult } from '../results/read-result.mjs';
import { inWords, sum } from '../results/summary.mjs';
import { plant } from './plant.mjs';

const file = (name, status, ...tests) => ({ name: `/x/${name}`, status, assertionResults: tests.map((each) => ({ status: each })) });

const cases = {
  'counts what passed, failed and was skipped': [
    { numPassedTests: 3, numFailedTests: 2, numPendingTests: 1, numTodoTests: 1, success: false, testResults: [file('a', 'failed', 'passed', 'failed')] },
    { passed: 3, failed: 2, skipped: 2 },
  ],
  'takes the counts alone, as other languages write them': [
    { numPassedTests: 3, numFailedTests: 0, numPendingTests: 1 },
    { passed: 3, failed: 0, skipped: 1 },
  ],
  'a file that did not load is a failure': [
    { numPassedTests: 3, numFailedTests: 0, success: false, testResults: [file('a', 'passed', 'passed'), file('b.test.ts', 'failed')] },
    { passed: 3, failed: 1, skipped: 0, problem: 'could not run b.test.ts' },
  ],
  'a file whose hook threw is a failure': [
    { numPassedTests: 3, numFailedTests: 0, success: false, testResults: [file('b.test.ts', 'failed', 'passed', 'skipped')] },
    { passed: 3, failed: 1, skipped: 0, problem: 'could not run b.test.ts' },
  ],
  'an error outside all tests is a failure': [
    { numPassedTests: 3, numFailedTests: 0, success: false, testResults: [file('a', 'passed', 'passed')] },
    { passed: 3, failed: 1, skipped: 0, problem: 'failed outside its tests' },
  ],
  'no tests at all are a failure': [
    { numPassedTests: 0, numFailedTests: 0, success: true },
    { passed: 0, failed: 1, skipped: 0, problem: 'has no tests' },
  ],
  'results without counts are a failure': [{ passed: 3 }, { passed: 0, failed: 1, skipped: 0, problem: 'left results without counts' }],
  'half-written results are a failure': ['{"numPassed', { passed: 0, failed: 1, skipped: 0, problem: 'left results that are not JSON' }],
};

for (const [promise, [content, expected]] of Object.entries(cases)) {
  test(promise, (t) => {
    assert.deepEqual(readResult(plant(t, { [RESULT_FILE]: content })), expected);
  });
}

test('missing results are a failure', (t) => {
  assert.deepEqual(readResult(plant(t, {})), {
    passed: 0,
    failed: 1,
    skipped: 0,
    problem: 'left no results, so its tests did not run to the end',
  });
});

test('the closing line sums all suites and names skipped tests only where there are some', () => {
  const some = { passed: 2, failed: 1, skipped: 0 };
  assert.equal(inWords(sum([some, some])), '4 passed, 2 failed');
  assert.equal(inWords(sum([some, { passed: 1, failed: 0, skipped: 3 }])), '3 passed, 1 failed, 3 skipped');
});
