import { randomBytes } from 'node:crypto';
import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eventually } from '@vergeai/testkit';
import type { Journal } from '../journal.js';
import { ServerProcess } from './server-process.js';

export interface SiteOptions {
  readonly journal: Journal;
  readonly folder: string;
  /** undefined: SQLite in the data folder. */
  readonly postgresUrl: string | undefined;
  /** Servers side by side; more than one needs PostgreSQL. */
  readonly servers: number;
}

const TWO_HOURS_MS = 2 * 60 * 60 * 1000;

/** A place where servers live and die: one database, one blob folder, one log. */
export class Site {
  readonly adminKey = `soak-admin-${randomBytes(24).toString('hex')}`;
  readonly folder: string;
  readonly blobs: string;
  readonly log: string;
  readonly #options: SiteOptions;
  readonly #log: WriteStream;
  readonly #env: Record<string, string>;
  readonly #servers: Array<{ process: ServerProcess; base: string | undefined } | undefined>;
  #turn = 0;
  readyMs: number[] = [];

  private constructor(options: SiteOptions) {
    this.#options = options;
    this.folder = options.folder;
    this.blobs = path.join(options.folder, 'blobs');
    this.log = path.join(options.folder, 'server.log');
    this.#log = createWriteStream(this.log, { flags: 'a' });
    this.#servers = Array.from({ length: options.servers });
    this.#env = {
      BOOTSTRAP_API_KEY: this.adminKey,
      STORAGE_URL: `file:${this.blobs}`,
      LOG_LEVEL: 'info',
      RATE_LIMIT_PER_KEY: '0',
      RATE_LIMIT_PER_ADDRESS: '0',
      MIN_FREE_BYTES: '0',
      // A new pepper for every site, shared by its servers.
      SECRET_KEY: randomBytes(32).toString('hex'),
      ...(options.postgresUrl && { DATABASE_URL: options.postgresUrl, DATABASE_ALLOW_UNSAFE_FSYNC: '1' }),
    };
    options.journal.note({ what: 'key', key: this.adminKey });
    options.journal.note({ what: 'key', key: this.#env['SECRET_KEY']! });
  }

  static async open(options: Omit<SiteOptions, 'folder' | 'journal'>, newJournal: (file: string) => Journal): Promise<{ site: Site; journal: Journal; journalFile: string }> {
    const folder = await mkdtemp(path.join(tmpdir(), 'vergeai-soak-'));
    const journalFile = path.join(folder, 'journal.jsonl');
    const journal = newJournal(journalFile);
    return { site: new Site({ ...options, journal, folder }), journal, journalFile };
  }

  /** What a checker has to be told to find the database. */
  get database(): string {
    return this.#options.postgresUrl ?? `file:${path.join(this.folder, 'server-0', 'vergeai.db')}`;
  }

  /** A server that listens, in turns when there are several. Waits until there is one. */
  async base(): Promise<string> {
    return eventually(
      'a server listens',
      () => {
        const up = this.#servers.filter((server) => server?.base !== undefined);
        return up.length > 0 && up[this.#turn++ % up.length]!.base;
      },
      120_000,
    );
  }

  /** Starts server `index`; resolves at once, so that it may be killed before it is ready. */
  async start(index = 0): Promise<ServerProcess> {
    const { journal } = this.#options;
    const dataDir = path.join(this.folder, `server-${index}`);
    await mkdir(dataDir, { recursive: true });
    const lines: string[] = [];
    const began = performance.now();
    const process = new ServerProcess({ ...this.#env, DATA_DIR: dataDir }, (line) => {
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
      if (!process.ending) journal.note({ what: 'unasked_exit', pid: process.pid, code, output: lines.join('\n').slice(-2000) });
    });
    return process;
  }

  async kill(index: number, moment: string): Promise<void> {
    const server = this.#servers[index];
    if (!server) return;
    server.base = undefined;
    this.#options.journal.note({ what: 'fault', kind: 'kill', pid: server.process.pid, moment });
    await server.process.kill();
  }

  freeze(index: number, moment: string): void {
    const { process } = this.#servers[index]!;
    this.#options.journal.note({ what: 'fault', kind: 'freeze', pid: process.pid, moment });
    process.freeze();
  }

  thaw(index: number): void {
    this.#servers[index]!.process.thaw();
  }

  async stop(): Promise<void> {
    for (const server of this.#servers) {
      if (!server) continue;
      server.base = undefined;
      const code = await server.process.stop();
      if (code !== '0') this.#options.journal.note({ what: 'wrong', sentence: `a server that was asked to stop ended with ${code}` });
    }
  }

  /** Makes every blob look two hours old, so that the sweep at the next start takes away those that belong to nothing. */
  async age(): Promise<void> {
    const then = new Date(Date.now() - TWO_HOURS_MS);
    const models = path.join(this.blobs, 'models');
    for (const entry of await readdir(models, { recursive: true, withFileTypes: true }).catch(() => [])) await utimes(path.join(entry.parentPath, entry.name), then, then);
  }

  async remove(): Promise<void> {
    for (const server of this.#servers) await server?.process.kill();
    await new Promise<void>((resolve) => this.#log.end(resolve));
    await rm(this.folder, { recursive: true, force: true });
  }
}
