import { existsSync } from 'node:fs';
import { DatabaseOpenError } from './open-error.js';

export type DatabaseUrl = { kind: 'sqlite'; file: string } | { kind: 'postgresql'; url: string };

/**
 * `file:data/app.db`, `file:/abs/app.db`, `file:///abs/app.db` or `postgres(ql)://user:password@host:port/name`.
 *
 * @throws DatabaseOpenError for anything else; the url is not repeated, since it may hold a password
 */
export function parseDatabaseUrl(url: string): DatabaseUrl {
  if (url.startsWith('file:')) {
    if (url.includes('?')) {
      throw new DatabaseOpenError('The database url of SQLite takes no parameters. Leave out the ? and what follows it.');
    }
    const file = decodeFile(url);
    if (file === '' || file === ':memory:') {
      throw new DatabaseOpenError('The database url names no file. Write it as file:data/vergeai.db.');
    }
    return { kind: 'sqlite', file };
  }
  if (/^postgres(ql)?:\/\//.test(url)) {
    // A bare @ or / in the password moves the host, and a message about that host would show half of the password.
    if (!URL.canParse(url) || url.split('?', 1)[0]!.split('@').length > 2) {
      throw new DatabaseOpenError('The PostgreSQL url cannot be read. Write it as postgres://user:password@host:5432/name, with special characters of the password percent-encoded.');
    }
    refuseUnread(new URL(url));
    return { kind: 'postgresql', url };
  }
  throw new DatabaseOpenError('The database url must start with file: (SQLite) or postgres:// (PostgreSQL).');
}

const SSL_MODES = ['disable', 'no-verify', 'prefer', 'require', 'verify-ca', 'verify-full'];

/** What the driver reads of a url's parameters, and which values. Those of other drivers would be passed over in silence. */
const PARAMETERS: Readonly<Record<string, (value: string) => boolean>> = {
  sslmode: (value) => SSL_MODES.includes(value),
  ssl: (value) => ['true', '1', '0'].includes(value),
  sslcert: existsSync,
  sslkey: existsSync,
  sslrootcert: existsSync,
  sslnegotiation: (value) => ['postgres', 'direct'].includes(value),
  uselibpqcompat: (value) => ['true', 'false'].includes(value),
  host: (value) => value !== '',
  application_name: () => true,
  options: () => true,
};

/** @throws DatabaseOpenError that names the parameter, and does not repeat its value */
function refuseUnread({ searchParams, hash }: URL): void {
  if (hash !== '') throw new DatabaseOpenError('The database url has a #, and what follows it would not be read. Write it as %23.');
  for (const name of new Set(searchParams.keys())) {
    const isKnown = Object.hasOwn(PARAMETERS, name);
    if (!isKnown) throw new DatabaseOpenError(`The parameter ${name} of the database url is not known here, so it would have no effect. Leave it out. Known are: ${Object.keys(PARAMETERS).join(', ')}.`);
    const values = searchParams.getAll(name);
    if (values.length > 1) throw new DatabaseOpenError(`The parameter ${name} stands in the database url more than once.`);
    if (!PARAMETERS[name]!(values[0]!)) throw new DatabaseOpenError(`The parameter ${name} of the database url has a value that is not known, or names a file that is not there.`);
  }
}

function decodeFile(url: string): string {
  const path = url.slice('file:'.length);
  if (!path.startsWith('//')) return path;
  const host = path.slice(2).split('/', 1)[0]!;
  if (host !== '' && host !== 'localhost') {
    throw new DatabaseOpenError('The database url names a file on another host, and SQLite reads local files only. Write it as file:data/vergeai.db or file:///abs/vergeai.db.');
  }
  return decodeURIComponent(path.slice(2 + host.length));
}
