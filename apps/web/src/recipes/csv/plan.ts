import type { Scale } from '../recipe.js';
import type { Column } from './column.js';
import { fitFor } from './fit.js';
import type { Table } from './read-table.js';
import { rowsOf, split } from './rows.js';
import { TableError } from './table-error.js';

export interface PlannedColumn extends Scale {
  readonly name: string;
}

export type Target = PlannedColumn | { readonly name: string; readonly classes: readonly string[] };

/** What all devices of an experiment have to agree on: it stands in the hyperparameters. Of the rows nothing is in it. */
export interface Plan {
  readonly columns: readonly PlannedColumn[];
  readonly target: Target;
}

export interface Choice {
  readonly target: string;
  readonly kind: 'classes' | 'value';
  /** The columns to learn from. */
  readonly columns: readonly string[];
}

/**
 * What is to be learnt from a table, and from which columns: with the means and spreads of those rows that are trained on.
 * @throws TableError when a column does not do.
 */
export function planFor(table: Table, { target, kind, columns }: Choice): Plan {
  if (columns.length === 0) throw new TableError('Choose at least one column to learn from.');
  const of = (name: string): Column => {
    const found = table.columns.find((column) => column.name === name);
    if (!found) throw new TableError(`There is no column “${name}”.`);
    return found;
  };
  const chosen = columns.map(of);
  const wanted = of(target);
  for (const [column, as] of [...chosen.map((one) => [one, 'value'] as const), [wanted, kind] as const]) {
    const fit = fitFor(column, as);
    if (!fit.does) throw new TableError(fit.why);
  }
  const { training } = split(rowsOf(table, [...chosen, wanted]).rows);
  const scaled = (column: Column) => ({ name: column.name, ...scaleOf(column, training) });
  return {
    columns: chosen.map(scaled),
    target: kind === 'classes' ? { name: target, classes: [...wanted.texts!].sort(byNumberOrName) } : scaled(wanted),
  };
}

function scaleOf(column: Column, rows: Uint32Array): Scale {
  let sum = 0;
  for (const row of rows) sum += column.value(row);
  const mean = sum / rows.length;
  let squares = 0;
  for (const row of rows) squares += (column.value(row) - mean) ** 2;
  // Of a column that is the same everywhere in these rows nothing is left but 0.
  return { mean, spread: Math.sqrt(squares / rows.length) || 1 };
}

const byNumberOrName = new Intl.Collator('en', { numeric: true }).compare;
