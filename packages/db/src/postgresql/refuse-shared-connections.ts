import { Client } from 'pg';
import { DatabaseOpenError } from '../open-error.js';
import { connectionFailure } from './connection-failure.js';

/** Who asks after whom. Neither a pooler that gives out what was used last nor one that goes round gives both askers a server of their own. */
const ORDER = [0, 1, 1, 0, 0, 1] as const;

/**
 * A pooler that hands a server connection on after each transaction breaks what belongs to a session: prepared
 * statements, LISTEN, the lock under which migrations run. Two connections that stand side by side show it by speaking
 * to the same server process.
 *
 * @throws DatabaseOpenError
 */
export async function refuseSharedConnections(url: string): Promise<void> {
  const clients = [0, 1].map(() => new Client({ connectionString: url, application_name: 'vergeai', connectionTimeoutMillis: 10_000, query_timeout: 10_000 }));
  const seen = clients.map(() => new Set<number>());
  try {
    for (const client of clients) {
      client.on('error', () => {});
      await client.connect();
    }
    for (const who of ORDER) {
      const { rows } = await clients[who]!.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      seen[who]!.add(rows[0]!.pid);
    }
  } catch (error) {
    throw connectionFailure(url, error);
  } finally {
    for (const client of clients) client.end().catch(() => {});
  }
  const [one, other] = seen as [Set<number>, Set<number>];
  if (one.size === 1 && other.size === 1 && ![...one].some((pid) => other.has(pid))) return;
  throw new DatabaseOpenError(
    'DATABASE_URL leads to a pooler that shares connections between transactions (PgBouncer with pool_mode = transaction, for one), and what belongs to a session is lost there. Set pool_mode = session for this database, or give the address of PostgreSQL itself.',
  );
}
