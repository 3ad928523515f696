import { AuthenticationError, ConnectionError } from '@vergeai/sdk';
import { plainScreen, terminalScreen, type Screen } from './screen/screen.js';
import { UsageError } from './usage-error.js';

/** The command was asked to stop. */
class Stopped extends Error {}

export interface Command<Options extends { readonly json: boolean }> {
  readonly help: string;
  /** Undefined when help was asked for. Throws a UsageError. */
  readOptions(args: readonly string[]): Options | undefined;
  /** What it resolves with is printed as JSON where that was asked for; `ok: false` in it is exit code 1. */
  run(options: Options, screen: Screen, signal: AbortSignal): Promise<object>;
}

/** Runs a command with the arguments of this process, and ends the process with its code. */
export function runCommand<Options extends { readonly json: boolean }>(command: Command<Options>): void {
  toTheEnd(command).then(
    (code) => process.exit(code),
    (error: unknown) => {
      if (error instanceof Stopped) process.exit(130);
      process.stderr.write(`${explain(error, command.help)}\n`);
      process.exit(error instanceof UsageError ? 2 : 1);
    },
  );
}

async function toTheEnd<Options extends { readonly json: boolean }>({ help, readOptions, run }: Command<Options>): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (!options) {
    process.stdout.write(help);
    return 0;
  }
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort(new Stopped()));
  const output = options.json ? process.stderr : process.stdout;
  const result = await run(options, output.isTTY ? terminalScreen(output) : plainScreen(output), stopping.signal);
  if (options.json) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  return 'ok' in result && result.ok === false ? 1 : 0;
}

function explain(error: unknown, help: string): string {
  if (error instanceof UsageError) return `${error.message}\n\n${help}`;
  if (error instanceof ConnectionError) return `There is no server there: ${error.message}`;
  if (error instanceof AuthenticationError) return 'The server does not know this key.';
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
