import { DatabaseOpenError } from '../open-error.js';

/** Why PostgreSQL could not be reached, as a sentence for the operator. Never shows the password. */
export function connectionFailure(url: string, error: unknown): DatabaseOpenError {
  const { hostname, port, username, pathname } = new URL(url);
  const server = `${hostname || 'localhost'}:${port || '5432'}`;
  const database = decodeURIComponent(pathname.slice(1)) || decodeURIComponent(username);
  // Node reports a host with several addresses as one AggregateError.
  const { message, code = message.startsWith('timeout') ? 'ETIMEDOUT' : '' } = firstOf(error);
  return new DatabaseOpenError(
    sentence(code, { server, hostname, database, user: decodeURIComponent(username) }) ?? `PostgreSQL at ${server} cannot be used: ${message}.`,
    { cause: error },
  );
}

function firstOf(error: unknown): { code?: string; message: string } {
  return error instanceof AggregateError && error.errors.length > 0 ? (error.errors[0] as Error) : (error as Error);
}

interface Target {
  server: string;
  hostname: string;
  database: string;
  user: string;
}

function sentence(code: string, { server, hostname, database, user }: Target): string | undefined {
  switch (code) {
    case 'ECONNREFUSED':
      return `Nothing answers at ${server}. Check that PostgreSQL runs there and that host and port in the database url are right.`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `The host ${hostname} of the database url has no address. Check its spelling and the name server.`;
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `PostgreSQL at ${server} cannot be reached. Check the network and firewalls between here and there.`;
    case '28P01':
      return `PostgreSQL at ${server} refuses user "${user}": the password in the database url is wrong.`;
    case '28000':
      return `PostgreSQL at ${server} does not let user "${user}" in. Check the user and the rules in pg_hba.conf.`;
    case '3D000':
      return `PostgreSQL at ${server} has no database "${database}". Create it, or put another name into the database url.`;
    case '42501':
      return `User "${user}" lacks a right in database "${database}" at ${server}. Grant it CREATE on the schema public.`;
    case '53300':
      return `PostgreSQL at ${server} has no connection left. Raise its max_connections or lower the pool size.`;
    case '57P03':
      return `PostgreSQL at ${server} is still starting or is shutting down. Try again in a moment.`;
    default:
      return undefined;
  }
}
