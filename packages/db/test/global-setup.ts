import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { postgresForVitest } from '@vergeai/testkit';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Admin url of the PostgreSQL of this run. */
    postgresUrl: string;
    /** Folder of this package compiled, for processes that tests start. */
    compiledDir: string;
  }
}

const packageDir = fileURLToPath(new URL('..', import.meta.url));
/** Not dist: tests of other packages may be reading that one. */
const compiledDir = path.join(packageDir, 'node_modules/.compiled-for-tests');

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const tsc = path.join(path.dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', compiledDir], { cwd: packageDir, stdio: 'inherit' });
  project.provide('compiledDir', compiledDir);
  return await postgresForVitest(project);
}
