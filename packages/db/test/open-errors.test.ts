import dns from 'node:dns';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { createDatabase, startPostgres } from '@vergeai/testkit';
import { expect, inject, onTestFinished, test, vi } from 'vitest';
import { DatabaseOpenError, openDatabase } from '../src/index.js';
import { freshDatabase, KINDS, temporaryFile, temporaryFolder } from './databases.js';

/** The sentence the operator gets. */
async function refusal(url: string, options: { allowUnsafeFsync?: boolean } = { allowUnsafeFsync: true }): Promise<string> {
  const error = await openDatabase({ url, ...options }).then(
    async (database) => {
      await database.close();
      throw new Error(`${url} was opened`);
    },
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DatabaseOpenError);
  return (error as Error).message;
}

/** The url of the server of this run with some parts replaced. */
function postgres(parts: Partial<Pick<URL, 'hostname' | 'port' | 'password' | 'pathname'>>): string {
  return Object.assign(new URL(inject('postgresUrl')), parts).href;
}

async function unusedPort(): Promise<string> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return String(port);
}

test.each([
  ['mysql://localhost/x', 'must start with file: (SQLite) or postgres://'],
  ['', 'must start with file:'],
  ['file:', 'names no file'],
  ['file::memory:', 'names no file'],
  ['postgres://user:p@ss/word@host/db', 'percent-encoded'],
  ['postgres://user:p%40ss@host/db#fragment', 'has a #'],
  ['postgres://user:p%40ss@host/db?foo=1', 'The parameter foo of the database url is not known here'],
  ['postgres://host/db?schema=p@ss', 'The parameter schema'],
  ['postgres://host/db?connection_limit=5', 'The parameter connection_limit'],
  ['postgres://host/db?pgbouncer=true', 'The parameter pgbouncer'],
  ['postgres://host/db?channel_binding=require', 'The parameter channel_binding'],
  ['postgres://host/db?target_session_attrs=read-write', 'The parameter target_session_attrs'],
  ['postgres://host/db?connect_timeout=3', 'The parameter connect_timeout'],
  ['postgres://host/db?statement_timeout=0', 'The parameter statement_timeout'],
  ['postgres://host/db?__proto__=1', 'The parameter __proto__'],
  ['postgres://host/db?sslmode=allow', 'sslmode of the database url has a value that is not known'],
  ['postgres://host/db?ssl=false', 'ssl of the database url has a value'],
  ['postgres://host/db?sslrootcert=/not/there', 'names a file that is not there'],
  ['postgres://host/db?sslmode=disable&sslmode=require', 'more than once'],
  ['file:x.db?foo=1', 'takes no parameters'],
  ['file:///tmp/x.db?mode=ro', 'takes no parameters'],
  ['file:x.db?', 'takes no parameters'],
  ['file://server/share/x.db', 'on another host'],
])('the url %j is refused', async (url, sentence) => {
  const message = await refusal(url);
  expect(message).toContain(sentence);
  expect(message).not.toContain('p@ss');
});

test('a folder that does not exist', async () => {
  const folder = path.join(temporaryFolder(), 'missing');
  expect(await refusal(`file:${folder}/app.db`)).toBe(`The folder ${folder} does not exist. Create it, or put another path into the database url.`);
});

test('a folder instead of a file', async () => {
  const folder = temporaryFolder();
  expect(await refusal(`file:${folder}`)).toContain(`${folder} is a folder`);
});

test('a file that is not a database', async () => {
  const file = temporaryFile();
  writeFileSync(file, 'Dear diary, '.repeat(1000));
  expect(await refusal(`file:${file}`)).toContain(`${file} is not a SQLite database`);
});

test('a file url in each of its spellings', async () => {
  const folder = temporaryFolder();
  mkdirSync(path.join(folder, 'with space'));
  for (const url of [`file:${folder}/a.db`, `file://${folder}/b.db`, `file://${folder}/with%20space/c.db`]) {
    await (await openDatabase({ url })).close();
  }
  expect(['a.db', 'b.db', 'with space/c.db'].map((file) => existsSync(path.join(folder, file)))).toEqual([true, true, true]);
});

test('the parameters that are known are taken', async () => {
  for (const parameters of ['sslmode=disable', 'application_name=mine', 'ssl=0', 'options=-c%20geqo%3Doff']) {
    const url = new URL(inject('postgresUrl'));
    url.search = parameters;
    await (await openDatabase({ url: url.href, allowUnsafeFsync: true })).close();
  }
});

test('a port where nothing listens', async () => {
  const port = await unusedPort();
  expect(await refusal(postgres({ port }))).toContain(`Nothing answers at 127.0.0.1:${port}.`);
});

test.each(['ENOTFOUND', 'EAI_AGAIN'])('a host that does not exist (%s)', async (code) => {
  // What a name server says, and after how long, is a matter of the network.
  const lookup = (...args: unknown[]) => (args.at(-1) as (error: Error) => void)(Object.assign(new Error(`getaddrinfo ${code}`), { code }));
  vi.spyOn(dns, 'lookup').mockImplementationOnce(lookup);
  expect(await refusal(postgres({ hostname: 'no-such-host.invalid' }))).toContain('The host no-such-host.invalid of the database url has no address');
});

test('a wrong password, which is not repeated', async () => {
  const message = await refusal(postgres({ password: 'open-sesame' }));
  expect(message).toContain('refuses user "app": the password in the database url is wrong');
  expect(message).not.toContain('open-sesame');
});

test('a database that does not exist', async () => {
  expect(await refusal(postgres({ pathname: '/nothing' }))).toContain('has no database "nothing"');
});

test('a PostgreSQL that confirms before the disk does, with what to do about it', async () => {
  const url = await createDatabase(inject('postgresUrl'));
  const message = await refusal(url, {});
  expect(message).toContain('PostgreSQL runs with fsync = off, full_page_writes = off, synchronous_commit = off');
  expect(message).toContain('ALTER SYSTEM SET fsync = on;');
});

test('a PostgreSQL with fsync on is opened', async () => {
  const server = await startPostgres({ fsync: true });
  onTestFinished(() => server.stop());
  const database = await openDatabase({ url: await server.createDatabase() });
  expect(await database.prisma.project.count()).toBe(0);
  await database.close();
});

/** In the words of each driver. */
const CLOSED = /not open|is closed|after calling end/;

test.each(KINDS)('%s: once closed, a query says so, and closing again does nothing', async (kind) => {
  const database = await freshDatabase(kind);
  await database.prisma.project.count();
  await database.close();
  await database.close();
  await expect(database.prisma.project.count()).rejects.toThrow(CLOSED);
  await expect(database.prisma.user.deleteMany()).rejects.toThrow(CLOSED);
});
