import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { SettingsError } from '../config.js';

/** Writes what a database holds, as it is at one moment, into a file. Needs a pg_dump no older than the server. */
export const dumpPostgresql = (url: string, file: string): Promise<void> => run('pg_dump', ['--format=custom', '--no-owner', `--file=${file}`], url);

/** Fills an empty database from such a file, or leaves it empty. */
export const restorePostgresql = (url: string, file: string): Promise<void> =>
  run('pg_restore', ['--no-owner', '--exit-on-error', '--single-transaction', file], url);

/** Throws a SettingsError with what the program said. */
async function run(program: string, args: readonly string[], url: string): Promise<void> {
  const { address, password } = forPrograms(url);
  const child = spawn(program, [`--dbname=${address}`, ...args], { env: { ...process.env, ...(password && { PGPASSWORD: password }) }, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const [code] = (await once(child, 'close').catch((error: unknown) => {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new SettingsError(missing ? `${program} is not in PATH. Install PostgreSQL's programs, no older than the server.` : `${program} can't be run: ${(error as Error).message}.`, { cause: error });
  })) as [number | null];
  if (code !== 0) throw new SettingsError(`${program} failed:\n${said.trim()}`);
}

/** As PostgreSQL's own programs take it, and without the password, which everybody on this machine could read in their arguments. */
function forPrograms(text: string): { address: string; password: string } {
  const url = new URL(text);
  const password = decodeURIComponent(url.password);
  url.password = '';
  url.searchParams.delete('uselibpqcompat');
  if (url.searchParams.get('sslmode') === 'no-verify') url.searchParams.set('sslmode', 'require');
  const ssl = url.searchParams.get('ssl');
  url.searchParams.delete('ssl');
  if (ssl !== null && !url.searchParams.has('sslmode')) url.searchParams.set('sslmode', ssl === '0' ? 'disable' : 'verify-full');
  return { address: url.href, password };
}
