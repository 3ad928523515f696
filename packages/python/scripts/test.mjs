// Runs the tests with the Python that has the most to offer: 3.10 or later, with NumPy and PyTorch where there is one.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const packageFolder = fileURLToPath(new URL('..', import.meta.url));

const PROBE = `
import importlib.util, sys
has = lambda name: importlib.util.find_spec(name) is not None
if sys.version_info >= (3, 10): print(sys.version.split()[0], int(has("numpy")), int(has("torch")))
`;

function probe(command) {
  const { status, stdout } = spawnSync(command, ['-c', PROBE], { encoding: 'utf8' });
  if (status !== 0 || !stdout) return [];
  const [version, numpy, torch] = stdout.trim().split(' ');
  return [{ command, version, numpy: numpy === '1', torch: torch === '1' }];
}

const worth = ({ numpy, torch }) => (torch ? 2 : 0) + (numpy ? 1 : 0);
const candidates = process.env.PYTHON ? [process.env.PYTHON] : ['python3', '/usr/bin/python3', 'python'];
const [python] = candidates.flatMap(probe).toSorted((a, b) => worth(b) - worth(a));

if (python) {
  const { command, version, numpy, torch } = python;
  console.log(`Python ${version} (${command}), ${numpy ? 'with' : 'without'} NumPy, ${torch ? 'with' : 'without'} PyTorch`);
  const { status } = spawnSync(command, ['tests/run.py', ...process.argv.slice(2)], { cwd: packageFolder, stdio: 'inherit', env: { ...process.env, PYTHONUTF8: '1' } });
  process.exitCode = status ?? 1;
} else {
  console.log('SKIPPED: the tests of the Python package need python3 3.10 or later, and there is none.');
  // The suite itself counts as skipped: nothing at all would look like a suite that was lost.
  const results = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 1, numTodoTests: 0, testResults: [] };
  writeFileSync(new URL('../.test-results.json', import.meta.url), JSON.stringify(results));
}
