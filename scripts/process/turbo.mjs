import { step } from './step.mjs';

/** Runs turbo tasks in every package that has them, going on after a failure so that all failures are seen. */
export function turbo(doing, tasks, { concurrency, linesBetween = false }) {
  const args = ['--continue=dependencies-successful', '--output-logs=errors-only', '--log-order=grouped'];
  return step(doing, 'turbo', ['run', ...tasks, `--concurrency=${concurrency}`, ...args], { linesBetween });
}

/** One build per processor. */
export function build(doing = 'Building', tasks = ['build']) {
  return turbo(doing, tasks, { concurrency: '100%' });
}
