import { runChild } from '../process/run-child.mjs';
import { build } from '../process/turbo.mjs';
import { toolEnvironment } from '../setup/environment.mjs';
import { install } from '../setup/install.mjs';

export default async function bench() {
  if (!(await install()) || !(await build())) return 1;
  // One at a time: two benchmarks side by side measure each other.
  const args = ['run', 'bench', '--concurrency=1', '--log-prefix=none', '--', ...process.argv.slice(3)];
  const { code } = await runChild('turbo', args, { env: toolEnvironment });
  return code;
}
