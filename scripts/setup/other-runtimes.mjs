import { placeFromNpm } from './place-from-npm.mjs';

// The packages with the programs themselves: those called `deno` and `bun` fetch or place them by an install script, and those
// may be off.
const platform = `${process.platform}-${process.arch}`;
const suffix = process.platform === 'win32' ? '.exe' : '';
const bunPlatform = platform.replace('arm64', 'aarch64').replace('win32', 'windows');

/** The other runtimes that the client promises to run on, by the variable that tells tests where each is. */
export const otherRuntimes = {
  VERGE_DENO: { name: 'Deno', packageName: `@deno/${platform}${process.platform === 'linux' ? '-glibc' : ''}`, version: '2.9.6', file: `deno${suffix}` },
  VERGE_BUN: { name: 'Bun', packageName: `@oven/bun-${bunPlatform}`, version: '1.4.5', file: `bin/bun${suffix}` },
};

/** One of them, from npm's registry; undefined when it can't be had. */
export function runtimeFromNpm({ packageName, version, file }) {
  return placeFromNpm(packageName, version, `.runtime-${packageName.replaceAll(/\W+/g, '-')}-${version}`, ['scripts/setup/remember-program.mjs', packageName, file]);
}
