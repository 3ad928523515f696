import { jsonText } from './json-text.js';
import { at } from './pick.js';
import { harmless } from './plain-text.js';
import type { Cell, Column } from './result.js';

const isDouble = (cell: Cell) => typeof cell === 'object' && cell !== null;

export const shortText = (cell: Cell): string => harmless(isDouble(cell) ? cell.short : String(cell ?? ''));
export const exactText = (cell: Cell): string => harmless(isDouble(cell) ? cell.exact : String(cell ?? ''));
export const wholeText = (cell: Cell): string => harmless(isDouble(cell) ? (cell.whole ?? cell.short) : String(cell ?? ''));

/** The columns that `--fields` asks for, or those of the command. */
export const columnsOf = (columns: readonly Column<unknown>[], fields: readonly string[] | undefined): readonly Column<unknown>[] =>
  fields?.map((path) => ({ title: path, cell: (entry) => memberCell(entry, path) })) ?? columns;

/** A member of an answer as it is. */
export const memberCell = (value: unknown, path: string): Cell => valueCell(at(value, path));

/** A value of JSON: a text as it is. */
export function valueCell(member: unknown): Cell {
  if (member === undefined || member === null) return '';
  return typeof member === 'string' ? member : jsonText(member);
}
