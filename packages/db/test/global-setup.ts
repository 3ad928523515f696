import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { postgresForVitest } from '@vergeai/testkit';
import type { TestProject } from 'vitest/node';

const packageDir = fileURLToPath(new URL('..', import.meta.url));
/** Not dist: tests of other packages may be reading that one. */
const compiledDir = path.join(packageDir, 'node_modules/.compiled-for-tests');

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const tsc = path.join(path.dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', compiledDir], { cwd: packageDir, stdio: 'inherit' });
  project.provide('compiledDir', compiledDir);
  return await postgresForVitest(project);
}
