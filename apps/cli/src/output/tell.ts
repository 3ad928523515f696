import type { GlobalOptions } from '../program/global-options.js';
import { troubleLine, troubleOf, troubleText } from './error-text.js';
import { toStderr } from './streams.js';
import { terminalFor } from './terminal.js';

/** Tells what went wrong, and sets the code that the process ends with. `serverOf` may fail: then there is no page to point at. */
export function tell(error: unknown, globals: Pick<GlobalOptions, 'json' | 'jsonl' | 'verbose' | 'color' | 'input' | 'quiet'>, serverOf: () => string | undefined = () => undefined): void {
  const trouble = troubleOf(error);
  process.exitCode = trouble.exit_code;
  if (globals.json || globals.jsonl) return toStderr(troubleLine(trouble));
  toStderr(troubleText(trouble, { color: terminalFor(globals).colorOnStderr, server: quietly(serverOf) }));
  if (globals.verbose && error instanceof Error && error.stack && trouble.exit_code === 1) toStderr(`${error.stack}\n`);
}

function quietly<T>(find: () => T): T | undefined {
  try {
    return find();
  } catch {
    return undefined;
  }
}
