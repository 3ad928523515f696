import type { Compared } from './search.js';

export type Best = 'lowest' | 'highest';

const LESS_IS_BETTER = /loss|error|perplexity|\b(mae|mse|rmse)\b/i;
const MORE_IS_BETTER = /acc|auc|f1|precision|recall|score|reward/i;

/** Which end of a metric is the good one, by what it is called; undefined where nobody can tell. */
export const goodEnd = (name: string): Best | undefined => (LESS_IS_BETTER.test(name) ? 'lowest' : MORE_IS_BETTER.test(name) ? 'highest' : undefined);

/** What the last job reported that reported it; null: none did. */
export const finalOf = ({ mean }: Compared, name: string): number | null => mean[name]?.findLast((value) => value !== null) ?? null;

/** The best final value of a metric; undefined where it has no good end, or all have the same. */
export function bestFinal(experiments: readonly Compared[], name: string): number | undefined {
  const end = goodEnd(name);
  const values = experiments.map((one) => finalOf(one, name)).filter((value) => value !== null);
  if (end === undefined || new Set(values).size < 2) return undefined;
  return end === 'lowest' ? Math.min(...values) : Math.max(...values);
}

/** RFC 4180. What a spreadsheet would take for a formula is a text in it. */
export function csvOf(experiments: readonly Compared[], names: readonly string[]): string {
  const cell = (value: string | number | null | undefined): string => {
    const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value ?? '');
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = experiments.map((one) => [one.experiment_id, one.name, one.sequence.at(-1), ...names.map((name) => finalOf(one, name))]);
  return [['experiment_id', 'name', 'last_job', ...names], ...lines].map((line) => `${line.map(cell).join(',')}\r\n`).join('');
}
