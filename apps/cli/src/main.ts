#!/usr/bin/env node
import { CommanderError } from 'commander';
import commands from './commands/commands.js';
import { endWithReader } from './output/streams.js';
import { buildProgram } from './program/program.js';

endWithReader();

const argv = process.argv.slice(2);
const program = buildProgram(commands, async (invocation) => (await import('./program/run.js')).run(invocation));

try {
  if (argv.length === 0) program.outputHelp();
  // What the scripts of `verge completion` call.
  else if (argv[0] === 'complete' && argv[1] === '--') await (await import('./complete/complete.js')).complete(program, argv.slice(2));
  else await program.parseAsync(argv, { from: 'user' });
} catch (error) {
  // Help and the version were asked for, and have been printed.
  if (!(error instanceof CommanderError && error.exitCode === 0)) await refuse(error);
}

/** The line could not be understood. */
async function refuse(problem: unknown): Promise<void> {
  // A group without a command has shown its help.
  if (problem instanceof CommanderError && problem.code === 'commander.help') return void (process.exitCode = 2);
  const { tell } = await import('./output/tell.js');
  const { usageErrorOf } = await import('./program/usage-error-of.js');
  const json = argv.includes('--json') ? (true as const) : undefined;
  const jsonl = argv.includes('--jsonl') ? (true as const) : undefined;
  tell(problem instanceof CommanderError ? usageErrorOf(problem) : problem, { json, jsonl, color: !argv.includes('--no-color'), input: true });
}
