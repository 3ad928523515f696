import type { InputOf } from '@vergeai/sdk';
import type { EntryOf } from '../../../api/pages.js';
import { listIn, oneOfIn, textIn } from '../../../app/search.js';

export type Row = EntryOf<'experiment.list'>;

export const sorts = ['created', 'updated', 'name', 'metric'] as const;

/** What somebody chose to see; what is not there is as the server has it. */
export interface ExperimentsSearch {
  readonly q?: string | undefined;
  readonly tag?: string | undefined;
  readonly status?: 'active' | 'idle' | undefined;
  readonly archived?: 'include' | 'only' | undefined;
  readonly sort?: (typeof sorts)[number] | undefined;
  readonly metric?: string | undefined;
  readonly order?: 'asc' | 'desc' | undefined;
  /** The metrics and hyperparameters that have a column, separated by commas. */
  readonly metrics?: string | undefined;
  readonly params?: string | undefined;
  /** Those that are chosen to be compared, separated by commas. */
  readonly selected?: string | undefined;
}

export function readSearch(search: Record<string, unknown>): ExperimentsSearch {
  const metric = textIn(search, 'metric');
  const sort = oneOfIn(search, 'sort', sorts);
  return {
    q: textIn(search, 'q')?.slice(0, 200),
    tag: textIn(search, 'tag'),
    status: oneOfIn(search, 'status', ['active', 'idle']),
    archived: oneOfIn(search, 'archived', ['include', 'only']),
    // Sorting by a metric says by which one.
    sort: sort === 'metric' && metric === undefined ? undefined : sort,
    metric: sort === 'metric' ? metric : undefined,
    order: oneOfIn(search, 'order', ['asc', 'desc']),
    metrics: listIn(search, 'metrics')?.join(),
    params: listIn(search, 'params')?.join(),
    selected: listIn(search, 'selected')?.join(),
  };
}

/** The same as the API takes it. Which metrics are shown is no question to it: it answers all of the first hundred; nor is what is chosen. */
export function inputOf(project_id: string, { metrics: _, selected: __, ...search }: ExperimentsSearch): InputOf<'experiment.list'> {
  const given = Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined));
  return { project_id, limit: 100, ...given };
}

export const isFiltered = ({ q, tag, status, archived }: ExperimentsSearch): boolean => [q, tag, status, archived].some((one) => one !== undefined);
