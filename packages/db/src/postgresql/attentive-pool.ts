import type { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { Client, Pool, type PoolClient, type PoolConfig } from 'pg';

const LOOK_EVERY_MS = 1_000;
/** Counted in looks and not in time: a process that was asleep itself has not been kept waiting. */
const SILENT_AFTER_LOOKS = 4;
/** Connections that have not said goodbye by then are cut. */
const CLOSE_WITHIN_MS = 2_000;

/** Connections stand, questions are taken, and nothing is answered: the server is frozen, or the network swallows what it says. */
export class SilentDatabase extends Error {
  override readonly name = 'SilentDatabase';

  constructor() {
    super('PostgreSQL does not answer');
  }
}

type Callback = (error: Error | undefined, client: PoolClient | undefined, release: (destroy?: Error | boolean) => void) => void;

/**
 * A pool that notices when its server falls silent. As long as somebody waits, a question on a connection of its own
 * tells a statement that takes its time from a server that says nothing any more: then all who wait are let go, and
 * whoever comes is refused at once, until an answer is heard.
 */
export class AttentivePool extends Pool {
  readonly #config: PoolConfig;
  readonly #clients = new Set<PoolClient>();
  readonly #inUse = new Set<PoolClient>();
  /** Of a server that takes no writes any more: where they lead after a fail-over only a new connection tells. */
  readonly #stale = new WeakSet<PoolClient>();
  readonly #timer: NodeJS.Timeout;
  #isSilent = false;
  #asked: Client | undefined;
  #isAsking = false;
  #looks = 0;

  constructor(config: PoolConfig) {
    super(config);
    this.#config = config;
    this.on('connect', (client) => {
      this.#clients.add(client);
      connectionOf(client).on('errorMessage', ({ code }: { code?: string }) => {
        if (code === '25006') this.#stale.add(client);
      });
    });
    this.on('acquire', (client) => this.#inUse.add(client));
    this.on('release', (_error, client) => {
      this.#inUse.delete(client);
      if (this.#stale.has(client)) client.end().catch(() => {});
    });
    this.on('remove', (client) => {
      this.#clients.delete(client);
      this.#inUse.delete(client);
    });
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS);
    this.#timer.unref();
  }

  override connect(): Promise<PoolClient>;
  override connect(callback: Callback): void;
  override connect(callback?: Callback): Promise<PoolClient> | void {
    if (!this.#isSilent) return callback ? super.connect(callback) : super.connect();
    const error = new SilentDatabase();
    if (!callback) return Promise.reject(error);
    process.nextTick(callback, error, undefined, () => {});
  }

  /** As `end`, and does not wait for a server that is silent. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    const cut = setTimeout(() => [...this.#clients].forEach((client) => connectionOf(client).stream.destroy()), CLOSE_WITHIN_MS);
    if (this.#asked) connectionOf(this.#asked).stream.destroy();
    await this.end();
    clearTimeout(cut);
  }

  #look(): void {
    if (this.#isAsking) {
      if (++this.#looks >= SILENT_AFTER_LOOKS) this.#giveUp();
    } else if (this.#isSilent || this.waitingCount > 0 || this.totalCount > this.idleCount) {
      void this.#ask();
    }
  }

  async #ask(): Promise<void> {
    this.#isAsking = true;
    this.#looks = 0;
    try {
      await (this.#asked ?? (await this.#newAsked())).query('SELECT 1');
      this.#isSilent = false;
    } catch (error) {
      const client = this.#asked;
      this.#asked = undefined;
      if (client) connectionOf(client).stream.destroy();
      // A refusal is an answer, too: what it means those will hear who ask for something.
      if (!(error instanceof SilentDatabase)) this.#isSilent = false;
    } finally {
      this.#isAsking = false;
    }
  }

  async #newAsked(): Promise<Client> {
    const client = new Client(this.#config);
    // Its next question reports what went wrong.
    client.on('error', () => {});
    this.#asked = client;
    await client.connect();
    return client;
  }

  #giveUp(): void {
    this.#isSilent = true;
    for (const client of this.#inUse) connectionOf(client).stream.destroy(new SilentDatabase());
    if (this.#asked) connectionOf(this.#asked).stream.destroy(new SilentDatabase());
  }
}

/** What the types keep to themselves. */
const connectionOf = (client: Client | PoolClient) => (client as unknown as { connection: EventEmitter & { stream: Socket } }).connection;
