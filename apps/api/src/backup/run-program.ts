import { parseArgs } from 'node:util';
import { readConfig, type Config } from '../config.js';
import { settingsFromFiles } from '../start/settings-from-files.js';
import { startFailure } from '../start/start-failure.js';

/** What was asked for can't be done; the message is for the person who asked. */
class UsageError extends Error {}

export interface Program<Option extends string, Flag extends string> {
  readonly help: string;
  /** Each takes a text. */
  readonly options: readonly Option[];
  readonly flags?: readonly Flag[];
  /** The process ends with the code that it gives. */
  run(config: Config, given: Partial<Record<Option, string> & Record<Flag, boolean>>, usage: (sentence: string) => never): Promise<number>;
}

/** Runs a program with the settings of the server, which it finds where the server does; 2: it was asked wrongly, 1: it can't be done. */
export async function runProgram<Option extends string, Flag extends string = never>({ help, options, flags = [], run }: Program<Option, Flag>): Promise<void> {
  process.exitCode = await main().catch((error: unknown) => {
    if (error instanceof UsageError) {
      console.error(`${error.message}\n\n${help}`);
      return 2;
    }
    console.error(startFailure(error));
    return 1;
  });

  async function main(): Promise<number> {
    const given = parse();
    if (given['help']) {
      console.log(help);
      return 0;
    }
    return await run(readConfig(settingsFromFiles(process.env)), given as Partial<Record<Option, string> & Record<Flag, boolean>>, (sentence) => {
      throw new UsageError(sentence);
    });
  }

  function parse(): Record<string, string | boolean | undefined> {
    const texts = Object.fromEntries(options.map((name) => [name, { type: 'string' as const }]));
    const switches = Object.fromEntries([...flags, 'help'].map((name) => [name, { type: 'boolean' as const }]));
    try {
      return parseArgs({ options: { ...texts, ...switches }, strict: true, allowPositionals: false }).values;
    } catch (error) {
      throw new UsageError((error as Error).message);
    }
  }
}
