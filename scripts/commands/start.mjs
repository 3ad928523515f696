import { runChild } from '../process/run-child.mjs';
import { build } from '../process/turbo.mjs';
import { install } from '../setup/install.mjs';

export default async function start() {
  if (!(await install()) || !(await build())) return 1;
  const { code } = await runChild(process.execPath, ['apps/api/dist/main.js'], { env: process.env });
  return code;
}
