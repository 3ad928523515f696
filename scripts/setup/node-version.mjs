// Only syntax that an old Node understands: this file exists to be read by one.
import { readFileSync } from 'node:fs';

export function isAtLeast(version, minimum) {
  const [major, minor] = version.split('.').map(Number);
  const [minimumMajor, minimumMinor] = minimum.split('.').map(Number);
  return major > minimumMajor || (major === minimumMajor && minor >= minimumMinor);
}

export function refuseOldNode() {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  const minimum = manifest.engines.node.replace('>=', '');
  if (isAtLeast(process.versions.node, minimum)) return;
  console.error(`This needs Node ${minimum} or newer, and ${process.execPath} is Node ${process.versions.node}.`);
  process.exit(1);
}
