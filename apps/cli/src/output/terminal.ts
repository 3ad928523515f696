import type { GlobalOptions } from '../program/global-options.js';

/** What stands at the other end. */
export interface Terminal {
  /** Whether somebody reads stdout, rather than a program or a file. */
  readonly tableOnStdout: boolean;
  /** Whether stderr may be redrawn. */
  readonly live: boolean;
  /** Whether somebody can be asked. */
  readonly canAsk: boolean;
  readonly colorOnStdout: boolean;
  readonly colorOnStderr: boolean;
  /** How wide lines may be. */
  readonly columns: number;
}

/** isTTY alone is not to be trusted: CI gives some of them one, and a dumb terminal can't go back in a line. */
export function terminalFor({ color, input, quiet }: Pick<GlobalOptions, 'color' | 'input' | 'quiet'>): Terminal {
  const { env, stdin, stdout, stderr } = process;
  const capable = !env['CI'] && env['TERM'] !== 'dumb';
  const colored = (stream: NodeJS.WriteStream) => color && !env['NO_COLOR'] && (Boolean(env['FORCE_COLOR'] && env['FORCE_COLOR'] !== '0') || (stream.isTTY && env['TERM'] !== 'dumb'));
  return {
    tableOnStdout: stdout.isTTY,
    live: stderr.isTTY && capable && !quiet,
    canAsk: input && capable && stdin.isTTY && stderr.isTTY,
    colorOnStdout: colored(stdout),
    colorOnStderr: colored(stderr),
    columns: stdout.columns || 80,
  };
}
