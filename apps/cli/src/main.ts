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
  if (!(error instanceof CommanderError && error.exitCode === 0)) (await import('./program/refuse.js')).refuse(error, argv);
}
