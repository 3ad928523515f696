import { runCommand } from '../run-command.js';
import { HELP, readOptions } from './options.js';

runCommand({
  help: HELP,
  readOptions,
  async run(options, screen, signal) {
    // Only now, because it reads 20 MB of digits.
    const { runSimulations } = await import('./run-simulations.js');
    return runSimulations(options, screen, signal);
  },
});
