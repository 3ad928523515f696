import Papa from 'papaparse';
import { Column } from './column.js';
import { shown, TableError } from './table-error.js';

export const MOST_BYTES = 50 * 1024 * 1024;
const MOST_COLUMNS = 200;
const FEWEST_ROWS = 20;

/** A table with a header. Rows that are empty are no rows. */
export interface Table {
  readonly columns: readonly Column[];
  readonly rows: number;
  /** As a spreadsheet counts. */
  rowNumber(index: number): number;
}

/**
 * Reads a file of comma-separated values; semicolons, tabs and pipes do, too.
 * @throws TableError
 */
export async function readTableFile(file: Blob): Promise<Table> {
  if (file.size > MOST_BYTES) throw new TableError(`The file has ${Math.ceil(file.size / 1024 / 1024)} MB; a tab takes ${MOST_BYTES / 1024 / 1024}.`);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new TableError('The file is not text in UTF-8. Save it as “CSV UTF-8”.');
  }
  return readTable(text);
}

/** The same of a text. @throws TableError */
export function readTable(text: string): Table {
  let columns: Column[] | undefined;
  const rowNumbers: number[] = [];
  let row = 0;
  Papa.parse<string[]>(text, {
    delimiter: delimiterOf(text),
    step({ data, errors }) {
      row++;
      const broken = errors.find(({ type }) => type === 'Quotes');
      if (broken) throw new TableError(`Row ${row}: a quote is opened and not closed, or closed in the middle of a cell.`);
      if (data.length === 1 && data[0]!.trim() === '') return;
      if (!columns) {
        columns = columnsOf(data, row);
        return;
      }
      if (data.length !== columns.length) throw new TableError(`Row ${row} has ${data.length} ${data.length === 1 ? 'cell' : 'cells'}, and the header has ${columns.length}.`);
      rowNumbers.push(row);
      for (const [at, column] of columns.entries()) column.add(data[at]!, row);
    },
  });
  if (!columns) throw new TableError('The file is empty.');
  if (columns.length < 2) throw new TableError('There is one column only. Are its cells parted by commas, semicolons or tabs?');
  if (rowNumbers.length < FEWEST_ROWS) throw new TableError(`There are ${rowNumbers.length} rows below the header; at least ${FEWEST_ROWS} are needed to learn anything.`);
  return { columns, rows: rowNumbers.length, rowNumber: (index) => rowNumbers[index]! };
}

/** What parts the names of the header. */
function delimiterOf(text: string): string {
  const header = /\S.*/.exec(text)?.[0].replaceAll(/"(?:[^"]|"")*"/g, '') ?? '';
  const count = (delimiter: string) => header.split(delimiter).length;
  return [',', ';', '\t', '|'].reduce((best, one) => (count(one) > count(best) ? one : best));
}

function columnsOf(header: readonly string[], row: number): Column[] {
  if (header.length > MOST_COLUMNS) throw new TableError(`The header has ${header.length} columns; a tab takes ${MOST_COLUMNS}.`);
  const seen = new Set<string>();
  return header.map((cell, at) => {
    const name = cell.trim();
    if (name === '') throw new TableError(`Row ${row}: column ${at + 1} has no name.`);
    if (seen.has(name)) throw new TableError(`Row ${row}: two columns are called ${shown(name)}.`);
    seen.add(name);
    return new Column(name);
  });
}
