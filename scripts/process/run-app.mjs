import { install } from '../setup/install.mjs';
import { runChild } from './run-child.mjs';
import { build } from './turbo.mjs';

/**
 * Builds, and runs a program of one of the apps in this terminal, with what stands behind `--` on the command line.
 * @param {{ entry?: string, packages?: string[] }} options `packages` are the only ones that it needs built, beside what they depend on
 */
export async function runApp(name, { entry = 'main.js', packages } = {}) {
  if (!(await install()) || !(await build('Building', ['build'], packages))) return 1;
  const args = [`apps/${name}/dist/${entry}`, ...process.argv.slice(3)];
  const { code } = await runChild(process.execPath, args, { env: process.env });
  return code;
}
