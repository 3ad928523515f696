import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { runChild } from '../process/run-child.mjs';
import { toolEnvironment } from './environment.mjs';
import { root } from './workspace.mjs';

/**
 * Another Node, from npm's registry. npx keeps it in npm's cache for all clones, and this one remembers where.
 * @returns {Promise<string | undefined>} the program; undefined when it can't be had, and what npm said is printed
 */
export async function nodeFromNpm(version) {
  const memo = path.join(root, 'node_modules', `.node-${version}`);
  const known = read(memo);
  if (known !== undefined && existsSync(known)) return known;

  mkdirSync(path.dirname(memo), { recursive: true });
  const args = ['--yes', `--package=${packageName()}@${version}`, '--', 'node', 'scripts/setup/remember-node.mjs', version, memo];
  const output = [];
  const { code, stopped } = await runChild('npx', args, { env: toolEnvironment, onOutput: (bytes) => output.push(bytes) }).catch((error) => {
    output.push(Buffer.from(`${error.message}\n`));
    return { code: 1, stopped: false };
  });
  if (stopped) process.exit(code || 1);
  if (code === 0) return read(memo);
  process.stderr.write(Buffer.concat(output));
  return undefined;
}

/** The package with the program itself. The one called `node` fetches it by an install script, and those may be off. */
function packageName() {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  return `${platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node'}-${platform}-${process.arch}`;
}

function read(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
