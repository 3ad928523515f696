import pc from 'picocolors';
import { documentText, lineText, type Asked } from './asked.js';
import { columnsOf, exactText, shortText } from './cell-text.js';
import type { Column, ListResult } from './result.js';
import { toStderr, toStdout } from './streams.js';
import { tableLines } from './table.js';
import { terminalFor } from './terminal.js';

/** Entries as one document, as lines of JSON, as a table, or as tab-separated lines. */
export async function printList({ entries, columns, id, empty, more, live }: ListResult, asked: Asked): Promise<void> {
  const terminal = terminalFor(asked);
  if (asked.json && !live) return toStdout(documentText(await all(entries), asked));
  const shown = columnsOf(columns as readonly Column<unknown>[], asked.fields);
  let found = 0;
  if (asked.json || asked.jsonl) found = await each(entries, (entry) => lineText(entry, asked));
  else if (asked.quiet && id && !asked.fields) found = await each(entries, (entry) => `${(id as (entry: unknown) => string)(entry)}\n`);
  else if (live && terminal.tableOnStdout) found = await each(entries, (entry) => `${shown.map(({ cell }) => shortText(cell(entry))).join('  ').trimEnd()}\n`);
  else if (terminal.tableOnStdout) found = await printTable(await all(entries), shown, asked);
  else found = await each(entries, (entry) => `${shown.map(({ cell }) => exactText(cell(entry))).join('\t')}\n`);
  const notice = found === 0 ? empty : more?.();
  if (notice && !asked.quiet && !asked.json && !asked.jsonl) toStderr(`${notice}\n`);
}

/** Prints each as it comes. */
async function each(entries: ListResult['entries'], textOf: (entry: unknown) => string): Promise<number> {
  let found = 0;
  for await (const entry of entries) {
    await toStdout(textOf(entry));
    found++;
  }
  return found;
}

async function printTable(entries: readonly unknown[], columns: readonly Column<unknown>[], asked: Asked): Promise<number> {
  const terminal = terminalFor(asked);
  const rows = entries.map((entry) => columns.map(({ cell }) => shortText(cell(entry))));
  if (rows.length === 0) return 0;
  const [header, ...lines] = await tableLines([columns.map(({ title }) => title), ...rows], terminal.columns);
  const { bold } = pc.createColors(terminal.colorOnStdout);
  await toStdout(`${[bold(header), ...lines].join('\n')}\n`);
  return rows.length;
}

async function all(entries: ListResult['entries']): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const entry of entries) found.push(entry);
  return found;
}
