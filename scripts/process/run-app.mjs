import { install } from '../setup/install.mjs';
import { runChild } from './run-child.mjs';
import { build } from './turbo.mjs';

/** Builds everything and runs a program of one of the apps in this terminal, with what stands behind `--` on the command line. */
export async function runApp(name, entry = 'main.js') {
  if (!(await install()) || !(await build())) return 1;
  const args = [`apps/${name}/dist/${entry}`, ...process.argv.slice(3)];
  const { code } = await runChild(process.execPath, args, { env: process.env });
  return code;
}
