import { HELP, readOptions } from './options.js';
import { runCommand } from './run-command.js';

runCommand({
  help: HELP,
  readOptions: (args) => readOptions(args, process.env),
  async run(options, screen, signal) {
    // Only now, because it reads 20 MB of digits.
    const { runDemo } = await import('./demo.js');
    return runDemo(options, screen, signal);
  },
});
