import type { Asked } from './asked.js';
import { documentText, lineText } from './asked.js';
import { harmless } from './plain-text.js';
import { printList } from './print-list.js';
import { printRecord } from './print-record.js';
import type { DoneResult, Result } from './result.js';
import { toStderr, toStdout } from './streams.js';

/** Prints what a command gave: results to stdout, all else to stderr. */
export async function print(result: Result, wanted: Asked): Promise<void> {
  const asked = result && 'onlyJson' in result && result.onlyJson && !wanted.jsonl ? { ...wanted, json: true as const } : wanted;
  if (result?.kind === 'text') await toStdout(result.text);
  if (result?.kind === 'list') await printList(result, asked);
  if (result?.kind === 'record') await printRecord(result, asked);
  if (result?.kind === 'done') await printDone(result, asked);
}

async function printDone({ body, said, id }: DoneResult, asked: Asked): Promise<void> {
  if (!asked.quiet) toStderr(`${harmless(said)}\n`);
  if (asked.json) await toStdout(documentText(body, asked));
  else if (asked.jsonl) await toStdout(lineText(body, asked));
  else if (id !== undefined) await toStdout(`${id}\n`);
}
