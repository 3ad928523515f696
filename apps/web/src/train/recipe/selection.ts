import type { Choice } from '../../recipes/csv/plan.js';
import type { ColumnSummary } from '../../train-worker/worker/judge.js';

/** What somebody has chosen of a table's columns; the rest follows from the table. */
export interface Selection {
  readonly target: string | undefined;
  /** As what a column is to be predicted. */
  readonly kinds: Readonly<Record<string, Choice['kind']>>;
  /** Columns not to learn from. */
  readonly without: readonly string[];
}

export const nothingChosen: Selection = { target: undefined, kinds: {}, without: [] };

export const canBePredicted = ({ input, classes }: ColumnSummary): boolean => input.does || classes.does;

/** The column to be predicted: the last that can, until another one is chosen. */
export const targetOf = (columns: readonly ColumnSummary[], { target }: Selection): ColumnSummary | undefined =>
  columns.find(({ name }) => name === target) ?? columns.findLast(canBePredicted);

export function kindOf({ name, input, classes, likely }: ColumnSummary, { kinds }: Selection): Choice['kind'] {
  if (!classes.does) return 'value';
  return input.does ? (kinds[name] ?? likely) : 'classes';
}

/** What is to be learnt; undefined when that is nothing. */
export function choiceOf(columns: readonly ColumnSummary[], selection: Selection): Choice | undefined {
  const target = targetOf(columns, selection);
  if (!target) return undefined;
  const from = columns.filter(({ name, input }) => name !== target.name && input.does && !selection.without.includes(name)).map(({ name }) => name);
  return from.length > 0 ? { target: target.name, kind: kindOf(target, selection), columns: from } : undefined;
}
