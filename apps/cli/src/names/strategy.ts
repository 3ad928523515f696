import type { Command, OptionValues } from '@commander-js/extra-typings';
import type { AggregationStrategy } from '@vergeai/sdk';
import { UsageError } from '../program/usage-error.js';

/** Adds what takes an aggregation strategy. */
export const strategyOption = <Args extends unknown[], Options extends OptionValues>(command: Command<Args, Options>) =>
  command.option('--strategy <strategy>', 'how updates become one model: a name such as FedMedian, or JSON with parameters', strategy);

/** Which there are, and what they take, the server knows. @throws UsageError for what begins as JSON and is none */
function strategy(text: string): AggregationStrategy {
  if (!text.trimStart().startsWith('{')) return text as AggregationStrategy;
  try {
    return JSON.parse(text) as AggregationStrategy;
  } catch {
    throw new UsageError(`The strategy "${text}" is not JSON.`, `Such as --strategy '{"type":"FedAdam","server_learning_rate":0.03}'`);
  }
}
