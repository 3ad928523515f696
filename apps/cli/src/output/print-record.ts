import pc from 'picocolors';
import { documentText, lineText, type Asked } from './asked.js';
import { exactText, memberCell, wholeText } from './cell-text.js';
import type { Cell, RecordResult } from './result.js';
import { toStdout } from './streams.js';
import { terminalFor } from './terminal.js';

/** Member by member: for people beside their names, for programs behind a tab. */
export async function printRecord({ body, members, id }: RecordResult, asked: Asked): Promise<void> {
  if (asked.json) return toStdout(documentText(body, asked));
  if (asked.jsonl) return toStdout(lineText(body, asked));
  if (asked.quiet && !asked.fields) return toStdout(id === undefined ? '' : `${id}\n`);
  const shown: readonly (readonly [string, Cell])[] = asked.fields?.map((path) => [path, memberCell(body, path)] as const) ?? members;
  const terminal = terminalFor(asked);
  if (!terminal.tableOnStdout) return toStdout(shown.map(([label, value]) => `${label}\t${exactText(value)}\n`).join(''));
  const { bold } = pc.createColors(terminal.colorOnStdout);
  const width = Math.max(...shown.map(([label]) => label.length)) + 2;
  await toStdout(shown.map(([label, value]) => `${bold(label.padEnd(width))}${wholeText(value)}`.trimEnd()).join('\n') + '\n');
}
