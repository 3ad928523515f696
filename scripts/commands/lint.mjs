import { step } from '../process/step.mjs';
import { build } from '../process/turbo.mjs';
import { install } from '../setup/install.mjs';

export default async function lintCommand() {
  // The type-aware rules need the declarations that a build makes.
  if (!(await install()) || !(await build())) return 1;
  return (await countFailedLints()) === 0 ? 0 : 1;
}

export async function countFailedLints() {
  const passed = [
    await step('Linting', 'oxlint', ['--type-aware', '--deny-warnings', '--report-unused-disable-directives']),
    await step('Checking the house', process.execPath, ['scripts/check-house.mjs']),
    await step('Checking printed docs', process.execPath, ['scripts/check-docs.mjs']),
  ];
  return passed.filter((ok) => !ok).length;
}
