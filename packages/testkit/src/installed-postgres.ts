import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import path from 'node:path';

const PROGRAMS = ['initdb', 'postgres', 'pg_dump', 'pg_restore'];

/**
 * Folder of a whole PostgreSQL that is installed on this machine, a server with the programs that back it up, the newest if there are
 * several; undefined where there is none. The one from npm has the server only.
 */
export function installedPostgres(): string | undefined {
  const inPath = (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => existsSync(path.join(folder, 'pg_dump')));
  // Debian keeps each version in a folder of its own, and a wrapper in the path.
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian) : [];
  const folders = [...versions.map((version) => path.join(debian, version, 'bin')), ...inPath.map((folder) => path.dirname(realpathSync(path.join(folder, 'pg_dump'))))];
  const whole = folders.filter((folder) => PROGRAMS.every((program) => existsSync(path.join(folder, program))));
  return whole.sort((a, b) => versionOf(b) - versionOf(a))[0];
}

/** Major version of the programs in a folder. */
function versionOf(folder: string): number {
  const { stdout } = spawnSync(path.join(folder, 'postgres'), ['--version'], { encoding: 'utf8' });
  return Number(/ (\d+)/.exec(stdout ?? '')?.[1] ?? 0);
}
