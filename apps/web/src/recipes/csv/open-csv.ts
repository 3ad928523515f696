import { newNetwork } from '../network/new-network.js';
import type { Examples, OpenRecipe, Scale, Task } from '../recipe.js';
import { seededRandom, shuffled } from '../random.js';
import type { Column } from './column.js';
import type { Plan, Target } from './plan.js';
import type { Table } from './read-table.js';
import { rowsOf, split } from './rows.js';
import { shown, TableError } from './table-error.js';

const HIDDEN = 16;

export const csvSettings = { recipe: 'csv', learning_rate: 0.01, epochs: 5 } as const;

/**
 * Somebody's own table: a network that tells one column by others.
 * @throws TableError when the table is not one that the plan fits.
 */
export function openCsv(table: Table, plan: Plan): OpenRecipe {
  const columns = plan.columns.map(({ name }) => numericColumn(table, name));
  const target = targetOf(table, plan.target);
  const { rows, leftOut } = rowsOf(table, [...columns, target.column]);
  const { training, heldOut } = split(rows);
  const targets = new Float64Array(table.rows);
  for (const row of rows) targets[row] = target.of(row);
  const examples = (indices: Uint32Array): Examples => ({
    count: indices.length,
    width: columns.length,
    read: (index, row) => {
      for (let at = 0; at < columns.length; at++) row[at] = scaled(columns[at]!.value(indices[index]!), plan.columns[at]!);
    },
    targets: Float64Array.from(indices, (row) => targets[row]!),
  });
  return {
    task: target.task,
    startModel: (seed) => newNetwork({ inputs: columns.length, hidden: HIDDEN, outputs: target.task.kind === 'classes' ? target.task.classes.length : 1 }, seed),
    // Rows have no home; each tab deals its own cards.
    shareOf: ({ device, devices, seed }) => {
      const order = shuffled(training.length, seededRandom(seed));
      const mine = order.filter((_, position) => position % devices === device).map((at) => training[at]!);
      if (mine.length === 0) throw new TableError(`${training.length} rows are too few for ${devices} devices.`);
      return examples(mine);
    },
    heldOut: examples(heldOut),
    leftOut,
  };
}

const scaled = (value: number, { mean, spread }: Scale): number => (value - mean) / spread;

interface OpenTarget {
  readonly column: Column;
  readonly task: Task;
  of(row: number): number;
}

function targetOf(table: Table, target: Target): OpenTarget {
  if (!('classes' in target)) {
    const column = numericColumn(table, target.name);
    return { column, task: { kind: 'value', unit: target }, of: (row) => scaled(column.value(row), target) };
  }
  const column = columnNamed(table, target.name);
  if (!column.texts) throw new TableError(`Column ${shown(column.name)} has too many different values to be the classes of this experiment: ${target.classes.join(', ')}.`);
  const numbers = new Map(target.classes.map((name, number) => [name, number]));
  const of = (row: number): number => {
    const text = column.text(row);
    const number = numbers.get(text ?? '');
    if (number === undefined) throw new TableError(`Row ${table.rowNumber(row)}, column ${shown(column.name)}: ${shown(text ?? '')} is none of the classes of this experiment.`);
    return number;
  };
  return { column, task: { kind: 'classes', classes: target.classes }, of };
}

function numericColumn(table: Table, name: string): Column {
  const column = columnNamed(table, name);
  if (column.firstText) throw new TableError(`Row ${column.firstText.row}, column ${shown(name)}: ${shown(column.firstText.text)} is not a number.`);
  return column;
}

function columnNamed(table: Table, name: string): Column {
  const column = table.columns.find((one) => one.name === name);
  if (!column) throw new TableError(`The table has no column ${shown(name)}, which this experiment needs.`);
  return column;
}
