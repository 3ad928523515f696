import type { Command, OptionValues } from '@commander-js/extra-typings';
import type { Context } from '../context/context.js';
import type { Result } from '../output/result.js';

/** What a file of a command exports: what it takes, and what it does. It prints nothing, but gives what is to be printed. */
interface Definition<Args extends unknown[], Options extends OptionValues> {
  /** Whole command lines; a test runs each. */
  readonly examples: readonly [string, ...string[]];
  /** What the summary does not say, in a few sentences. */
  readonly details?: string;
  takes(command: Command): Command<Args, Options>;
  run(context: Context, args: Args, options: Options): Promise<Result> | Result;
}

/** The same as the program knows it, whatever it takes. */
export interface CommandModule {
  readonly examples: readonly string[];
  readonly details?: string;
  takes(command: Command): unknown;
  run(context: Context, args: unknown[], options: unknown): Promise<Result> | Result;
}

/** Ties the types of arguments and options to the function that gets them. */
export const command = <Args extends unknown[], Options extends OptionValues>(definition: Definition<Args, Options>): CommandModule =>
  definition;

/** A line in the listing of a group: enough for its help, and how to get the rest. */
export interface Listed {
  readonly name: string;
  /** Without a full stop. */
  readonly summary: string;
  readonly aliases?: readonly string[];
  /** For a command. */
  readonly load?: () => Promise<{ readonly default: CommandModule }>;
  /** For a group of commands. */
  readonly group?: () => Promise<{ readonly default: readonly Listed[] }>;
}
