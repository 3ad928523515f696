import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { step } from '../process/step.mjs';
import { build, turbo } from '../process/turbo.mjs';
import { RESULT_FILE } from '../results/read-result.mjs';
import { inWords, sum } from '../results/summary.mjs';
import { watchResults } from '../results/watch-results.mjs';
import { toolEnvironment } from '../setup/environment.mjs';
import { install } from '../setup/install.mjs';
import { nodeFromNpm } from '../setup/node-from-npm.mjs';
import { otherRuntimes, runtimeFromNpm } from '../setup/other-runtimes.mjs';
import { root, workspacePackages } from '../setup/workspace.mjs';
import { countFailedLints } from './lint.mjs';

// The oldest Node that the client and the worker promise to run on.
const NODE_20 = '20.19.0';

const FAILURE = { passed: 0, failed: 1, skipped: 0 };

/** Ends with one line that counts everything: a step that fails is a failed test, whatever the reason. */
export default async function testCommand() {
  const total = sum((await install()) ? await checkAndTest() : [FAILURE]);
  console.log(inWords(total));
  return total.failed === 0 ? 0 : 1;
}

async function checkAndTest() {
  const results = [];
  if (!(await build('Building and checking types', ['build', 'typecheck']))) results.push(FAILURE);
  results.push({ passed: 0, failed: await countFailedLints(), skipped: 0 });
  results.push(...(await runSuites()));
  return results;
}

async function runSuites() {
  const packages = workspacePackages().filter(({ manifest }) => manifest.scripts?.test !== undefined);
  const suites = ['scripts', ...packages.map(({ dir }) => dir)];
  // Results of an earlier run must never count.
  for (const dir of suites) rmSync(path.join(root, dir, RESULT_FILE), { force: true });
  toolEnvironment.VERGE_NODE_20 ??= await findNode20();
  for (const [variable, runtime] of Object.entries(otherRuntimes)) toolEnvironment[variable] ??= await findRuntime(runtime);

  const scriptsPassed = await testScripts();
  const endOfTests = watchResults(root, suites);
  const packagesPassed = await testPackages();
  const results = endOfTests();
  if (!(scriptsPassed && packagesPassed) && sum(results).failed === 0) results.push(FAILURE);
  return results;
}

async function findNode20() {
  const node = await nodeFromNpm(NODE_20);
  if (node === undefined) console.log(`Node ${NODE_20} can't be had from npm: nothing is tested on a Node 20.`);
  return node;
}

async function findRuntime(runtime) {
  const place = await runtimeFromNpm(runtime);
  if (place === undefined) console.log(`${runtime.name} ${runtime.version} can't be had from npm: nothing is tested on it.`);
  return place;
}

function testScripts() {
  const files = readdirSync(path.join(root, 'scripts/test')).filter((name) => name.endsWith('.test.mjs'));
  return step('Testing the scripts', process.execPath, [
    '--test',
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    '--test-reporter=./scripts/results/node-test-reporter.mjs',
    `--test-reporter-destination=scripts/${RESULT_FILE}`,
    ...files.map((name) => `scripts/test/${name}`),
  ]);
}

// The suites start servers and worker threads of their own, so only half of the processors get one each.
function testPackages() {
  return turbo('Testing the packages', ['test'], { concurrency: '50%', linesBetween: true });
}
