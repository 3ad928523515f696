import { CommanderError } from 'commander';
import { tell } from '../output/tell.js';
import { UsageError } from './usage-error.js';

/** Tells why a line could not be understood. Its options are not known then, but for those that say how to tell. */
export function refuse(problem: unknown, argv: readonly string[]): void {
  // A group without a command has shown its help.
  if (problem instanceof CommanderError && problem.code === 'commander.help') return void (process.exitCode = 2);
  const asked = (option: string) => (argv.includes(option) ? (true as const) : undefined);
  tell(problem instanceof CommanderError ? inOurWords(problem) : problem, { json: asked('--json'), jsonl: asked('--jsonl'), color: !asked('--no-color'), input: true });
}

/** A sentence, and what may have been meant. */
function inOurWords({ message }: CommanderError): UsageError {
  const [said = '', ...suggestion] = message.replace(/^error: /, '').split('\n');
  const sentence = `${said.charAt(0).toUpperCase()}${said.slice(1)}`.replace(/(?<![.?!])$/, '.');
  return new UsageError(sentence, suggestion.join(' ').replace(/^\((.*)\)$/, '$1') || '--help lists what there is.');
}
