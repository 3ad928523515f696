import type { Command, OptionValues } from '@commander-js/extra-typings';
import { InvalidArgumentError } from 'commander';
import { positiveInteger } from '../program/duration.js';
import { UsageError } from '../program/usage-error.js';

export interface Goal {
  readonly metric: string;
  readonly mode: 'min' | 'max';
}

/** `loss:min` or `accuracy:max`. A name may have colons of its own. */
export function goal(text: string): Goal {
  const [, metric, mode] = /^(.+):(min|max)$/s.exec(text) ?? [];
  if (metric === undefined) throw new InvalidArgumentError('Give a metric and which way it is good, such as loss:min or accuracy:max.');
  return { metric, mode: mode as Goal['mode'] };
}

/** Adds what takes the metric by which the best model is chosen. */
export const keepBestOption = <Args extends unknown[], Options extends OptionValues>(command: Command<Args, Options>) =>
  command.option('--keep-best <metric:mode>', 'keep the model in which this was best: loss:min, accuracy:max', goal);

/** Adds what says when the rest of a series of jobs is cancelled. */
export const stopOptions = <Args extends unknown[], Options extends OptionValues>(command: Command<Args, Options>) =>
  command
    .option('--stop-when <metric:mode>', 'cancel the jobs that are left by this metric: loss:min, accuracy:max', goal)
    .option('--patience <jobs>', 'when so many in a row are no better', positiveInteger)
    .option('--min-delta <number>', 'by how much more than this better is better (0)', number)
    .option('--threshold <number>', 'when a job is at least as good as this', number);

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('Give a number.');
  return value;
}

interface StopOptions {
  readonly stopWhen?: Goal | undefined;
  readonly patience?: number | undefined;
  readonly minDelta?: number | undefined;
  readonly threshold?: number | undefined;
}

/** What was said of it, for a request. @throws UsageError when there is no metric for the rest, or no rest for the metric */
export function stopRule({ stopWhen, patience, minDelta, threshold }: StopOptions) {
  if (stopWhen === undefined) {
    if (patience !== undefined || minDelta !== undefined || threshold !== undefined) throw new UsageError('Of which metric?', 'Such as --stop-when loss:min --patience 3');
    return undefined;
  }
  if (patience === undefined && threshold === undefined) throw new UsageError('When shall it stop?', 'Such as --patience 3, or --threshold 0.1');
  return { ...stopWhen, patience, min_delta: minDelta, threshold };
}
