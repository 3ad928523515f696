import { build } from '../process/turbo.mjs';
import { install } from '../setup/install.mjs';

export default async function buildCommand() {
  return (await install()) && (await build('Building and checking types', ['build', 'typecheck'])) ? 0 : 1;
}
