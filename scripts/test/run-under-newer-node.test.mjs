import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { NODE } from '../process/run-under-newer-node.mjs';
import { MINIMUM } from '../setup/node-version.mjs';
import { root } from '../setup/workspace.mjs';
import { plant, plantIn } from './plant.mjs';
import { keepPressing, start } from './start.mjs';

// npm test sets it: the Node it was started with where that is a 20, else one from npm.
const old = process.env.VERGE_NODE_20;
const withOldNode = { skip: old === undefined && 'there is no Node 20', timeout: 300_000 };
const withSignals = { ...withOldNode, skip: withOldNode.skip || (process.platform === 'win32' && 'Windows has no signals') };

test('a Node that is too old goes on under one from npm, says so in one line, and remembers where it is', withOldNode, (t) => {
  const folder = clone(t);
  const first = build(old, folder);
  assert.equal(first.status, 0, first.stderr);
  assert.match(first.said, new RegExp(`^Node 20\\S+ is older than ${MINIMUM}: going on under Node ${NODE} from npm.*\\ninstalls for ${NODE}\\n{`));
  const node = readFileSync(path.join(folder, `node_modules/.node-${NODE}`), 'utf8');
  assert.deepEqual(first.seen(), { version: NODE, inPath: node, node20: old });

  // Nobody is asked again.
  const second = build(old, folder, { npm_config_cache: path.join(folder, 'empty'), npm_config_registry: 'http://127.0.0.1:9' });
  assert.deepEqual(second.seen(), first.seen());
});

test('one that can be had no longer is looked for again', withOldNode, (t) => {
  const folder = clone(t, { [`node_modules/.node-${NODE}`]: '/nowhere/bin/node' });
  assert.equal(build(old, folder).seen().version, NODE);
});

test('where npm cannot fetch it, the refusal says what to do', withOldNode, (t) => {
  const folder = clone(t);
  const offline = { npm_config_cache: path.join(folder, 'empty'), npm_config_registry: 'http://127.0.0.1:9', npm_config_fetch_retries: '0' };
  const { status, stderr } = build(old, folder, offline);
  assert.equal(status, 1);
  assert.match(stderr, /127\.0\.0\.1:9/);
  assert.match(stderr, new RegExp(`Node ${NODE} can't be had from npm\\. Install Node 24 .*start again\\.\\n$`));
});

test('an install that fails ends the command with its own words', withOldNode, (t) => {
  const folder = clone(t, { [`node_modules/.node-${NODE}`]: process.execPath });
  plantIn(folder, { 'scripts/setup/install.mjs': 'export const install = async () => (console.log("no room"), false);' });
  const { status, said } = build(old, folder);
  assert.equal(status, 1);
  assert.match(said, /going on.*\nno room\n$/);
});

test('VERGE_NODE=system refuses a Node that is too old, and names it', withOldNode, (t) => {
  const { status, stderr } = build(old, clone(t), { VERGE_NODE: 'system' });
  assert.equal(status, 1);
  assert.match(stderr, new RegExp(`^This needs Node ${MINIMUM} or newer, and ${old} is Node 20\\.`));
});

test('a Node that is new enough does the work itself', (t) => {
  const { said, seen } = build(process.execPath, clone(t));
  assert.equal(seen().version, process.versions.node);
  assert.doesNotMatch(said, /going on/);
});

test('a Node that even the scripts do not run on ends with a sentence', (t) => {
  // A Node that says it is another: this one would have to be fetched for nothing else.
  const is18 = "data:text/javascript,Object.defineProperty(process.versions, 'node', { value: '18.20.8' })";
  const { status, stderr } = build(process.execPath, clone(t), { NODE_OPTIONS: `--import="${is18}"` });
  assert.equal(status, 1);
  assert.match(stderr, new RegExp(`^This needs Node ${MINIMUM} or newer, and .+ is Node 18\\.20\\.8\\. .+\\n$`));
});

for (const signal of ['SIGINT', 'SIGTERM']) {
  test(`${signal} to npm start on an old Node reaches the server, and all of it ends`, withSignals, async (t) => {
    const npm = startServer(t, 'npm', ['start']);
    await npm.line(/server \d+ ready/);
    npm.child.kill(signal);
    // The pipe closes when the last process that holds it has ended.
    await npm.end();
    assert.match(npm.output(), new RegExp(`server got ${signal}\n$`));
  });
}

test('the old Node passes the exit code of the server on', withSignals, async (t) => {
  const started = startServer(t, old, ['scripts/run.mjs', 'start', '7', 'brief']);
  assert.equal(await started.end(), 7);
});

test('the server ends when the old Node is killed', withSignals, async (t) => {
  const started = startServer(t, old, ['scripts/run.mjs', 'start']);
  await started.line(/server \d+ ready/);
  started.child.kill('SIGKILL');
  await started.end();
  assert.match(started.output(), /server got SIGTERM\n$/);
});

test('the server ends when the shell between npm and the old Node is killed', withSignals, async (t) => {
  // The second command keeps the shell from replacing itself with the first.
  const started = startServer(t, 'sh', ['-c', `"${old}" scripts/run.mjs start; true`]);
  await started.line(/server \d+ ready/);
  started.child.kill('SIGKILL');
  await started.end();
  assert.match(started.output(), /server got SIGTERM\n$/);
});

test('a Ctrl-C that comes twice at once is one, and a later one kills the server too', withSignals, async (t) => {
  const started = startServer(t, old, ['scripts/run.mjs', 'start', '0', 'stubborn']);
  await started.line(/server \d+ ready/);
  // As a terminal does it: to every process of the group.
  const press = () => process.kill(-(started.child.pid ?? NaN), 'SIGINT');
  press();
  await started.line(/server got SIGINT/);
  keepPressing(started, press);
  assert.equal(await started.end(), 128 + 9);
});

/** A folder with the scripts, in which `build` tells which Node runs it and `start` starts what stands for the server. */
function clone(t, files = {}) {
  const server = path.join(root, 'scripts/test/fixtures/server.mjs');
  const folder = plant(t, { 'package.json': readFileSync(path.join(root, 'package.json'), 'utf8'), ...files });
  const isOurs = (file) => file !== path.join(root, 'scripts/test');
  cpSync(path.join(root, 'scripts'), path.join(folder, 'scripts'), { recursive: true, filter: isOurs });
  plantIn(folder, commandsFor(server));
  return folder;
}

const commandsFor = (server) => ({
  'scripts/setup/install.mjs': 'export const install = async (node) => (console.log("installs for", node), true);',
  'scripts/commands/build.mjs': `import { execFileSync } from 'node:child_process';
    export default function () {
      const inPath = execFileSync('node', ['-p', 'process.execPath'], { encoding: 'utf8' }).trim();
      console.log(JSON.stringify({ version: process.versions.node, inPath, node20: process.env.VERGE_NODE_20 }));
      return 0;
    }`,
  'scripts/commands/start.mjs': `import { runChild } from '../process/run-child.mjs';
    export default async function () {
      const args = [${JSON.stringify(server)}, ...(process.argv.length > 3 ? process.argv.slice(3) : ['0'])];
      return (await runChild(process.execPath, args, { env: process.env })).code;
    }`,
});

function build(node, folder, env = {}) {
  const { status, stdout, stderr } = spawnSync(node, ['scripts/run.mjs', 'build'], { cwd: folder, env: environment(env), encoding: 'utf8' });
  return { status, stderr, said: stdout, seen: () => JSON.parse(stdout.trim().split('\n').at(-1)) };
}

/** Started in a process group of its own, with the old Node first in the PATH and the one that runs this test remembered as npm's. */
function startServer(t, command, args) {
  const folder = clone(t, { [`node_modules/.node-${NODE}`]: process.execPath });
  const PATH = `${path.dirname(old)}${path.delimiter}${process.env.PATH}`;
  return start(command, args, { cwd: folder, detached: true, env: environment({ PATH }) });
}

/** Nothing that npm test or a person has set decides here. */
function environment(more) {
  const { VERGE_NODE: _, VERGE_NODE_20: __, NODE_OPTIONS: ___, ...rest } = process.env;
  return { ...rest, ...more };
}
