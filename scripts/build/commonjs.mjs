// Builds the package in the current folder a second time, as CommonJS, into dist/cjs. Started by its own build script.
// Node itself takes the ES modules, also for require(): this is for tools that can't, such as Jest, and for their types.
import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';

const folder = 'dist/cjs';
const options = {
  outDir: folder,
  module: 'CommonJS',
  moduleResolution: 'bundler',
  verbatimModuleSyntax: 'false',
  sourceMap: 'false',
  declarationMap: 'false',
};

rmSync(folder, { recursive: true, force: true });
const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
const { status } = spawnSync('tsc', ['-p', 'tsconfig.build.json', '--noCheck', ...flags], { stdio: 'inherit', shell: process.platform === 'win32' });
if (status === 0) writeFileSync(`${folder}/package.json`, '{ "type": "commonjs", "sideEffects": false }\n');
process.exitCode = status ?? 1;
