import { describe, VergeAI, type CallOptions, type InputOf, type MethodOf, type OperationName } from '@vergeai/sdk';
import type { Command } from 'commander';
import { harmless } from '../output/plain-text.js';
import { toStderr } from '../output/streams.js';
import { terminalFor, type Terminal } from '../output/terminal.js';
import type { GlobalOptions } from '../program/global-options.js';
import type { Interruption } from '../program/interruption.js';
import { Described } from './described.js';
import { keyFor, serverUrl } from './server.js';
import { readSources, settingOf, type Setting, type Sources } from './sources.js';
import { watchFetch } from './watch-fetch.js';

/** The world as a command sees it. */
export class Context {
  readonly globals: GlobalOptions;
  readonly interruption: Interruption;
  /** The whole program, for commands that tell about it. */
  readonly root: Command;
  #sources: Sources | undefined;
  #client: VergeAI | undefined;
  readonly #told = new Set<string>();

  constructor(globals: GlobalOptions, interruption: Interruption, root: Command) {
    this.globals = globals;
    this.interruption = interruption;
    this.root = root;
  }

  /** The same with other options. */
  with(globals: Partial<GlobalOptions>): Context {
    return new Context({ ...this.globals, ...globals }, this.interruption, this.root);
  }

  /** Aborts on Ctrl-C. */
  get signal(): AbortSignal {
    return this.interruption.signal;
  }

  get terminal(): Terminal {
    return terminalFor(this.globals);
  }

  /** A line for people, on stderr. */
  note(line: string): void {
    if (!this.globals.quiet) toStderr(`${harmless(line)}\n`);
  }

  get sources(): Sources {
    return (this.#sources ??= readSources(this.globals, (line) => this.note(line)));
  }

  /** What is set, from wherever; said once when it was not said on the command line. */
  setting(which: 'project' | 'experiment'): Setting | undefined {
    const found = settingOf(this.sources, which);
    if (found && !found.from.startsWith('--') && !this.#told.has(which)) {
      this.#told.add(which);
      this.note(`${which} ${/^[0-9a-f]{32}$/.test(found.value) ? found.value.slice(0, 8) : found.value} from ${found.from}`);
    }
    return found;
  }

  /** @throws Failure when there is no key for the server */
  get client(): VergeAI {
    return (this.#client ??= this.clientFor((server) => keyFor(this.sources, server).value));
  }

  /** A client with another key than the one that is set. */
  clientFor(key: (server: Setting) => string): VergeAI {
    const server = serverUrl(this.sources);
    const { verbose = false, timeout, quiet } = this.globals;
    const note = (line: string) => !quiet && this.note(line);
    return new VergeAI({ apiKey: key(server), baseUrl: server.value, timeoutMs: timeout, fetch: watchFetch({ verbose, note }) });
  }

  /** What every call is made with. */
  get call(): CallOptions {
    return { signal: this.signal };
  }

  /** What a command is there for: sends its request, or has it shown when `--curl` asks for that. */
  send<Name extends OperationName>(operation: Name, input: InputOf<Name>, options: object = {}): ReturnType<MethodOf<Name>> {
    this.show(operation, input);
    const { idempotencyKey } = this.globals;
    const parameters = [input, { ...this.call, ...(idempotencyKey && { idempotencyKey }), ...options }] as unknown as Parameters<MethodOf<Name>>;
    return this.client.call(operation, ...parameters);
  }

  /** @throws Described when `--curl` asks for the request */
  show<Name extends OperationName>(operation: Name, input: InputOf<Name>): void {
    if (this.globals.curl) throw new Described(describe(operation, input, { baseUrl: serverUrl(this.sources).value }));
  }
}
