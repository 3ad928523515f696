import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { step } from '../process/step.mjs';
import { build } from '../process/turbo.mjs';
import { install } from '../setup/install.mjs';
import { root, workspacePackages } from '../setup/workspace.mjs';

/** Makes tarballs of the packages that are for others, to be installed from files where no registry has them. */
export default async function packCommand() {
  if (!(await install()) || !(await build())) return 1;
  const folder = path.join(root, 'packed');
  rmSync(folder, { recursive: true, force: true });
  for (const { dir, manifest } of workspacePackages().filter(isForOthers)) {
    if (!(await step(`Packing ${manifest.name}`, 'pnpm', ['--dir', dir, 'pack', '--pack-destination', folder]))) return 1;
  }
  const cli = tarballs(folder).find((file) => path.basename(file).startsWith('vergeai-cli-'));
  console.log(`\nIn a project of yours, with Node.js or for browsers:\n  npm install ${tarballs(folder).filter((file) => file !== cli).join(' ')}\n\nThe command line, verge, for you:\n  npm install --global ${cli}`);
  return 0;
}

/** They need each other, so all of them are installed together. */
const tarballs = (folder) => readdirSync(folder).sort().map((name) => path.join(folder, name));

export const isForOthers = ({ dir, manifest }) => !dir.startsWith('examples/') && manifest.private !== true;
