import { AuthenticationError, ConnectionError } from '@vergeai/sdk';
import { HELP, readOptions, UsageError } from './options.js';
import { plainScreen, terminalScreen } from './screen/screen.js';

/** The demo was asked to stop. */
class Stopped extends Error {}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2), process.env);
  if (!options) {
    process.stdout.write(HELP);
    return 0;
  }
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort(new Stopped()));
  const output = options.json ? process.stderr : process.stdout;
  const screen = output.isTTY ? terminalScreen(output) : plainScreen(output);
  // Only now, because it reads 20 MB of digits.
  const { runDemo } = await import('./demo.js');
  const result = await runDemo(options, screen, stopping.signal);
  if (options.json) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  return 0;
}

function explain(error: unknown): string {
  if (error instanceof UsageError) return `${error.message}\n\n${HELP}`;
  if (error instanceof ConnectionError) return `There is no server there: ${error.message}`;
  if (error instanceof AuthenticationError) return 'The server does not know this key.';
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    if (error instanceof Stopped) process.exit(130);
    process.stderr.write(`${explain(error)}\n`);
    process.exit(error instanceof UsageError ? 2 : 1);
  },
);
