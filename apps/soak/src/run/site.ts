import { randomBytes } from 'node:crypto';
import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eventually } from '@vergeai/testkit';
import { Journal } from '../journal.js';
import { ServerProcess } from './server-process.js';

/** Every request to it is lost at once. */
const NOWHERE = 'http://127.0.0.1:1';
const wrongClock = new URL('./wrong-clock.js', import.meta.url).href;
const TWO_HOURS_MS = 2 * 60 * 60 * 1000;

/** A place where servers live and die: one database, one blob folder, one log. */
export class Site {
  readonly adminKey = `soak-admin-${randomBytes(24).toString('hex')}`;
  readonly folder: string;
  readonly blobs: string;
  readonly log: string;
  readonly #journal: Journal;
  readonly #postgresUrl: string | undefined;
  readonly #disturbed: boolean;
  readonly #log: WriteStream;
  readonly #env: Record<string, string>;
  readonly #servers: Array<{ process: ServerProcess; base: string | undefined } | undefined>;
  #turn = 0;
  /** A server ended though nobody had asked it to: there is no sense in going on. */
  broken = false;
  /** How long each start took. */
  readonly readyMs: number[] = [];

  private constructor(folder: string, journal: Journal, postgresUrl: string | undefined, servers: number, disturbed: boolean) {
    this.folder = folder;
    this.#journal = journal;
    this.#postgresUrl = postgresUrl;
    this.#disturbed = disturbed;
    this.blobs = path.join(folder, 'blobs');
    this.log = path.join(folder, 'server.log');
    this.#log = createWriteStream(this.log, { flags: 'a' });
    this.#servers = Array.from({ length: servers });
    const secret = randomBytes(32).toString('hex');
    this.#env = {
      BOOTSTRAP_API_KEY: this.adminKey,
      // Servers side by side share both.
      STORAGE_URL: `file:${this.blobs}`,
      SECRET_KEY: secret,
      LOG_LEVEL: 'info',
      RATE_LIMIT_PER_KEY: '0',
      RATE_LIMIT_PER_ADDRESS: '0',
      ...(postgresUrl && { DATABASE_URL: postgresUrl, DATABASE_ALLOW_UNSAFE_FSYNC: '1' }),
    };
    for (const key of [this.adminKey, secret]) journal.note({ what: 'key', key });
  }

  /** `postgresUrl`: undefined for SQLite in the data folder. More than one server needs PostgreSQL. `disturbed`: wall clocks can be set. */
  static async open(postgresUrl: string | undefined, servers: number, disturbed: boolean): Promise<{ site: Site; journal: Journal; journalFile: string }> {
    const folder = await mkdtemp(path.join(tmpdir(), 'vergeai-soak-'));
    const journalFile = path.join(folder, 'journal.jsonl');
    const journal = new Journal(journalFile);
    const site = new Site(folder, journal, postgresUrl, servers, disturbed);
    for (let index = 0; disturbed && index < servers; index++) await writeFile(site.#clockFile(index), '0');
    return { site, journal, journalFile };
  }

  /** What a checker has to be told to find the database. */
  get database(): string {
    return this.#postgresUrl ?? `file:${path.join(this.folder, 'server-0', 'vergeai.db')}`;
  }

  /**
   * How long the checker is to let a step take: ten seconds, where the server starts within one. On a machine that is
   * busy with other things everything takes longer.
   */
  get patienceSec(): number {
    const middle = this.readyMs.toSorted((a, b) => a - b)[this.readyMs.length >> 1] ?? 0;
    return Math.max(10, Math.ceil(middle / 100));
  }

  /** A server that listens, in turns when there are several. Waits until there is one, or none is to be expected. */
  async base(): Promise<string> {
    return eventually(
      'a server listens',
      () => {
        if (this.broken) return NOWHERE;
        const up = this.#servers.filter((server) => server?.base !== undefined);
        return up.length > 0 && up[this.#turn++ % up.length]!.base;
      },
      120_000,
    );
  }

  /** Starts server `index`; resolves at once, so that it may be killed before it is ready. */
  async start(index = 0): Promise<ServerProcess> {
    const journal = this.#journal;
    const dataDir = path.join(this.folder, `server-${index}`);
    await mkdir(dataDir, { recursive: true });
    const lines: string[] = [];
    const began = performance.now();
    const process = new ServerProcess({ ...this.#env, DATA_DIR: dataDir, ...(this.#disturbed && { SOAK_CLOCK_FILE: this.#clockFile(index) }) }, this.#disturbed ? wrongClock : undefined, (line) => {
      // The greeting shows the key on purpose, to whoever starts a server on a loopback address.
      if (line.startsWith('{')) this.#log.write(`${line}\n`);
      if (lines.push(line) > 20) lines.shift();
    });
    const server = { process, base: undefined as string | undefined };
    this.#servers[index] = server;
    void process.ready.then((base) => {
      if (base === undefined || process.ending) return;
      server.base = base;
      const readyAfterMs = Math.round(performance.now() - began);
      this.readyMs.push(readyAfterMs);
      journal.note({ what: 'started', pid: process.pid, readyAfterMs });
    });
    void process.exited.then((code) => {
      server.base = undefined;
      if (process.ending) return;
      this.broken = true;
      journal.note({ what: 'unasked_exit', pid: process.pid, code, output: lines.join('\n').slice(-2000) });
    });
    return process;
  }

  async kill(index: number, moment: string): Promise<void> {
    const server = this.#servers[index];
    if (!server) return;
    server.base = undefined;
    this.#journal.note({ what: 'fault', kind: 'kill', pid: server.process.pid, moment });
    await server.process.kill();
  }

  /** Sets the wall clock of server `index` to be wrong by so many milliseconds, in its next lives too. */
  async setClock(index: number, wrongMs: number, moment: string): Promise<void> {
    const { process } = this.#servers[index]!;
    await writeFile(this.#clockFile(index), String(wrongMs));
    this.#journal.note({ what: 'fault', kind: 'clock set', pid: process.pid, moment });
    // Before it can listen to a signal it would be ended by one.
    await process.ready;
    process.readClock();
  }

  freeze(index: number, moment: string): void {
    const { process } = this.#servers[index]!;
    this.#journal.note({ what: 'fault', kind: 'freeze', pid: process.pid, moment });
    process.freeze();
  }

  thaw(index: number): void {
    this.#servers[index]!.process.thaw();
  }

  /** Asks all of them to stop; gives how they ended. */
  async stop(): Promise<string[]> {
    const codes: string[] = [];
    for (const server of this.#servers) {
      if (!server) continue;
      server.base = undefined;
      if (this.broken) await server.process.kill();
      const code = this.broken ? '0' : await server.process.stop();
      codes.push(code);
      if (code !== '0') this.#journal.note({ what: 'wrong', sentence: `a server that was asked to stop ended with ${code}` });
    }
    return codes;
  }

  /** Makes every file look two hours old, so that the clean-up at the next start takes away those that belong to nothing. */
  async age(): Promise<void> {
    const then = new Date(Date.now() - TWO_HOURS_MS);
    for (const entry of await readdir(this.blobs, { recursive: true, withFileTypes: true }).catch(() => [])) await utimes(path.join(entry.parentPath, entry.name), then, then);
  }

  #clockFile(index: number): string {
    return path.join(this.folder, `clock-${index}`);
  }

  async remove(): Promise<void> {
    for (const server of this.#servers) await server?.process.kill();
    await new Promise<void>((resolve) => this.#log.end(resolve));
    await rm(this.folder, { recursive: true, force: true });
  }
}
