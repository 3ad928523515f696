import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { step } from '../process/step.mjs';
import { readJson, root } from './workspace.mjs';

const stamp = path.join(root, 'node_modules', '.install-stamp');

/** Installs for a Node of this version, when the lockfile is not the one of the last install. Resolves with false when that failed. */
export async function install(node = process.versions.node) {
  const wanted = fingerprint();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return true;

  rmSync(stamp, { force: true });
  const { packageManager } = readJson(path.join(root, 'package.json'));
  const installed = await step('Installing packages', 'npx', [
    '--yes',
    packageManager,
    'install',
    '--frozen-lockfile',
    '--reporter=append-only',
    '--config.confirm-modules-purge=false',
    `--config.node-version=${node}`,
  ]);
  if (installed) writeFileSync(stamp, wanted);
  return installed;
}

// Some packages bring binaries, for one platform each.
function fingerprint() {
  return createHash('sha256')
    .update(readFileSync(path.join(root, 'pnpm-lock.yaml')))
    .update([process.platform, process.arch].join())
    .digest('hex');
}
