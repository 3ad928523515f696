import { placeFromNpm } from './place-from-npm.mjs';

/** Another Node, from npm's registry; undefined when it can't be had. */
export function nodeFromNpm(version) {
  return placeFromNpm(packageName(), version, `.node-${version}`, ['scripts/setup/remember-node.mjs', version]);
}

/** The package with the program itself. The one called `node` fetches it by an install script, and those may be off. */
function packageName() {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  return `${platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node'}-${platform}-${process.arch}`;
}
