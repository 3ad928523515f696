import path from 'node:path';
import { PATH } from '../setup/environment.mjs';
import { install } from '../setup/install.mjs';
import { nodeFromNpm } from '../setup/node-from-npm.mjs';
import { MINIMUM } from '../setup/node-version.mjs';
import { runChild } from './run-child.mjs';

/** What the workspace is developed and tested with. */
export const NODE = '24.21.0';

/** Runs this same command again under a newer Node, which everything that it starts finds first in the PATH. */
export default async function runUnderNewerNode() {
  const own = process.versions.node;
  console.log(`Node ${own} is older than ${MINIMUM}: going on under Node ${NODE} from npm. With VERGE_NODE=system it would stop here.`);
  // Every command installs first. That waits for the network, and so does this: both at once.
  const [node, installed] = await Promise.all([nodeFromNpm(NODE), install(NODE)]);
  if (!installed) return 1;
  if (node === undefined) {
    console.error(`Node ${NODE} can't be had from npm. Install Node 24 (https://nodejs.org, or nvm install) and start again.`);
    return 1;
  }
  const env = {
    ...process.env,
    [PATH]: [path.dirname(node), process.env[PATH]].join(path.delimiter),
    // What devices may still run on: the tests of what runs there take it.
    VERGE_NODE_20: process.env.VERGE_NODE_20 ?? (own.startsWith('20.') ? process.execPath : undefined),
  };
  const { code } = await runChild(node, process.argv.slice(1), { env, relay: true });
  return code;
}
