import { existsSync } from 'node:fs';
import path from 'node:path';
import { readJson } from '../setup/workspace.mjs';

/** Where a suite, in whatever language, leaves its counts under the names that vitest's JSON reporter uses. */
export const RESULT_FILE = '.test-results.json';

/**
 * The counts of one suite. Whatever keeps a test from running counts as a failure, so that silence never looks like success.
 * @returns {{ passed: number, failed: number, skipped: number, problem?: string }}
 */
export function readResult(dir) {
  const file = path.join(dir, RESULT_FILE);
  if (!existsSync(file)) return failure('left no results, so its tests did not run to the end');
  let result;
  try {
    result = readJson(file);
  } catch {
    return failure('left results that are not JSON');
  }

  const passed = result.numPassedTests;
  const skipped = (result.numPendingTests ?? 0) + (result.numTodoTests ?? 0);
  const broken = brokenFiles(result);
  const failed = result.numFailedTests + broken.length;
  if (!Number.isInteger(passed + failed + skipped)) return failure('left results without counts');
  if (passed + failed + skipped === 0) return failure('has no tests');
  if (broken.length > 0) return { passed, failed, skipped, problem: `could not run ${broken.join(', ')}` };
  // An error outside any test, such as a rejection that nobody handled.
  if (failed === 0 && result.success === false) {
    return { passed, failed: 1, skipped, problem: 'failed outside its tests' };
  }
  return { passed, failed, skipped };
}

/** Files that failed although no test in them did: they did not load, or a hook threw. */
function brokenFiles({ testResults = [] }) {
  return testResults
    .filter(({ status }) => status === 'failed')
    .filter(({ assertionResults }) => !assertionResults.some(({ status }) => status === 'failed'))
    .map(({ name }) => path.basename(name));
}

function failure(problem) {
  return { passed: 0, failed: 1, skipped: 0, problem };
}
