import type { AnswerOf } from '../../../api/ask.js';
import { MOST_COMPARED } from '../../../api/most-compared.js';
import { listIn, oneOfIn, textIn } from '../../../app/search.js';

export type Comparison = AnswerOf<'project.compare'>;
export type Compared = Comparison['experiments'][number];

export const axes = ['time', 'elapsed', 'examples'] as const;

/** What is compared, and how it is looked at: all of it is in the URL, so that a link shows the same. */
export interface ComparisonSearch {
  /** Which experiments, separated by commas. */
  readonly ids?: string | undefined;
  /** Whose curves are drawn; the first one's when left out. */
  readonly metric?: string | undefined;
  /** What the x axis is; the jobs' numbers when left out. */
  readonly x?: (typeof axes)[number] | undefined;
  readonly scale?: 'log' | undefined;
  /** Which hyperparameters are listed; those that differ when left out. */
  readonly params?: 'all' | undefined;
}

export const readComparison = (search: Record<string, unknown>): ComparisonSearch => ({
  ids: [...new Set(listIn(search, 'ids'))].slice(0, MOST_COMPARED).join() || undefined,
  metric: textIn(search, 'metric'),
  x: oneOfIn(search, 'x', axes),
  scale: oneOfIn(search, 'scale', ['log']),
  params: oneOfIn(search, 'params', ['all']),
});

export const calledShort = ({ name, experiment_id }: Compared): string => name ?? experiment_id.slice(0, 8);
