// Only syntax that an old Node understands: this file exists to be read by one.
import { readFileSync } from 'node:fs';

/** What the scripts themselves need. With less than the workspace needs they go on under a newer Node. */
const SCRIPTS_MINIMUM = '20.19';

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
/** What everything else in the workspace needs. */
export const MINIMUM = manifest.engines.node.replace('>=', '');

export function isAtLeast(version, minimum) {
  const [major, minor] = version.split('.').map(Number);
  const [minimumMajor, minimumMinor] = minimum.split('.').map(Number);
  return major > minimumMajor || (major === minimumMajor && minor >= minimumMinor);
}

export const isNewEnough = isAtLeast(process.versions.node, MINIMUM);

/** Ends a process that can neither do the work nor find a newer Node for it. */
export function refuseOldNode() {
  if (isNewEnough) return;
  const found = `This needs Node ${MINIMUM} or newer, and ${process.execPath} is Node ${process.versions.node}.`;
  if (process.env.VERGE_NODE === 'system') refuse(`${found} Without VERGE_NODE=system a newer one is fetched from npm.`);
  if (!isAtLeast(process.versions.node, SCRIPTS_MINIMUM)) refuse(`${found} From ${SCRIPTS_MINIMUM} on, one that fits is fetched from npm.`);
}

function refuse(sentence) {
  console.error(sentence);
  process.exit(1);
}
