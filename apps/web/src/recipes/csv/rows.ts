import { seededRandom, shuffled } from '../random.js';
import type { OpenRecipe } from '../recipe.js';
import type { Column } from './column.js';
import type { Table } from './read-table.js';
import { TableError } from './table-error.js';

/** Of all rows a fifth. */
const HELD_OUT = 5;
const FEWEST_ROWS = 10;
/** The same for everybody who has the same table, so that nobody trains on what another one judges by. */
const SEED = 20_261_127;

export interface Rows {
  readonly rows: Uint32Array;
  /** In these a cell is empty that is needed. */
  readonly leftOut: OpenRecipe['leftOut'];
}

/** The rows in which none of these columns is empty. @throws TableError when there are too few. */
export function rowsOf(table: Table, columns: readonly Column[]): Rows {
  const whole: number[] = [];
  let firstLeftOut: number | undefined;
  for (let index = 0; index < table.rows; index++) {
    if (columns.some((column) => column.isMissing(index))) firstLeftOut ??= table.rowNumber(index);
    else whole.push(index);
  }
  if (whole.length < FEWEST_ROWS) throw new TableError(`Only ${whole.length} rows have a value in every chosen column; row ${firstLeftOut} is the first with an empty cell.`);
  return { rows: Uint32Array.from(whole), leftOut: firstLeftOut === undefined ? undefined : { count: table.rows - whole.length, firstRow: firstLeftOut } };
}

/** Which of them are trained on, in an order of chance, and which are for judging. */
export function split(rows: Uint32Array): { training: Uint32Array; heldOut: Uint32Array } {
  const order = shuffled(rows.length, seededRandom(SEED)).map((at) => rows[at]!);
  const heldOut = Math.floor(order.length / HELD_OUT);
  return { training: order.subarray(heldOut), heldOut: order.subarray(0, heldOut) };
}
