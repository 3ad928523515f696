import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

/**
 * A new, empty database on a server. It goes with the server.
 *
 * @param url of any database of the server, as a user who may create others
 * @returns its url
 */
export async function createDatabase(url: string): Promise<string> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE "${name}"`);
  } finally {
    await client.end();
  }
  const created = new URL(url);
  created.pathname = `/${name}`;
  return created.href;
}
