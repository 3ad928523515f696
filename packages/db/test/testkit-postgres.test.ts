import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { createDatabase, eventually, startPostgres } from '@vergeai/testkit';
import { Client } from 'pg';
import { expect, test } from 'vitest';

// The testkit has no tests of its own; what stands on it here is this.
const START = `
  import { startPostgres } from '@vergeai/testkit';
  const { pid, url } = await startPostgres();
  console.log(JSON.stringify({ pid, url }));
  setInterval(() => {}, 1000);
`;

test.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)('the server does not outlive a process ended by %s, nor do its files', async (signal) => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', START], { cwd: path.dirname(import.meta.filename), stdio: ['ignore', 'pipe', 'inherit'] });
  const { value } = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
  expect(value, 'needs a built @vergeai/testkit').toBeTypeOf('string');
  const { pid, url } = JSON.parse(value) as { pid: number; url: string };
  const folder = folderOf(pid);

  child.kill(signal);

  await eventually('the folder is gone', () => !existsSync(folder), 60_000);
  await expect(new Client({ connectionString: url }).connect()).rejects.toThrow('ECONNREFUSED');
});

test('databases are empty and apart, and all is gone after stop', async () => {
  const server = await startPostgres();
  const folder = folderOf(server.pid);
  const urls = [await server.createDatabase(), await createDatabase(server.url)];
  for (const url of urls) {
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query('CREATE TABLE t (id INTEGER)');
    await client.end();
  }
  await server.stop();
  await server.stop();
  expect(existsSync(folder)).toBe(false);
});

function pidOf(folder: string): number | undefined {
  const file = path.join(folder, 'data/postmaster.pid');
  return existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n', 1)[0]) : undefined;
}

/** Of the running server with this pid. */
function folderOf(pid: number): string {
  const folders = readdirSync(os.tmpdir()).filter((name) => name.startsWith('vergeai-postgres-'));
  return folders.map((name) => path.join(os.tmpdir(), name)).find((folder) => pidOf(folder) === pid)!;
}
