import type { CommanderError } from 'commander';
import { UsageError } from './usage-error.js';

/** What commander says of a line, in our words: a sentence, and what may have been meant. */
export function usageErrorOf({ message }: CommanderError): UsageError {
  const [said = '', ...suggestion] = message.replace(/^error: /, '').split('\n');
  const sentence = `${said.charAt(0).toUpperCase()}${said.slice(1)}`.replace(/(?<![.?!])$/, '.');
  return new UsageError(sentence, suggestion.join(' ').replace(/^\((.*)\)$/, '$1') || '--help lists what there is.');
}
