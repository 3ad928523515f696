import { DatabaseOpenError } from './open-error.js';

export type DatabaseUrl = { kind: 'sqlite'; file: string } | { kind: 'postgresql'; url: string };

/**
 * `file:data/app.db`, `file:/abs/app.db`, `file:///abs/app.db` or `postgres(ql)://user:password@host:port/name`.
 *
 * @throws DatabaseOpenError for anything else; the url is not repeated, since it may hold a password
 */
export function parseDatabaseUrl(url: string): DatabaseUrl {
  if (url.startsWith('file:')) {
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
    return { kind: 'postgresql', url };
  }
  throw new DatabaseOpenError('The database url must start with file: (SQLite) or postgres:// (PostgreSQL).');
}

function decodeFile(url: string): string {
  const path = url.slice('file:'.length).split('?', 1)[0]!;
  return path.startsWith('//') ? decodeURIComponent(path.slice(path.indexOf('/', 2))) : path;
}
