import { step } from './step.mjs';

/**
 * Runs turbo tasks in every package that has them, or in `packages` and what they depend on, going on after a failure so that
 * all failures are seen.
 */
export function turbo(doing, tasks, { concurrency, packages = [], linesBetween = false }) {
  const args = [...packages.map((name) => `--filter=${name}...`), '--continue=dependencies-successful', '--output-logs=errors-only', '--log-order=grouped'];
  return step(doing, 'turbo', ['run', ...tasks, `--concurrency=${concurrency}`, ...args], { linesBetween });
}

/** One build per processor. A build alone checks no types: that is the task `typecheck`, which also reads the tests. */
export function build(doing = 'Building', tasks = ['build'], packages = []) {
  return turbo(doing, tasks, { concurrency: '100%', packages });
}
