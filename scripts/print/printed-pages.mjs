import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { printInto } from './print-into.mjs';
import { transitionTable } from './transition-table.mjs';

/**
 * The pages that tell what code says, as they are and as they should be. Needs a build.
 * @returns {Promise<{ file: string, is: string, should: string }[]>} `file` is relative to `root`
 */
export async function printedPages(root) {
  const { transitions } = await import(pathToFileURL(path.join(root, 'packages/domain/dist/index.js')).href);
  const is = readFileSync(path.join(root, 'ARCHITECTURE.md'), 'utf8');
  return [{ file: 'ARCHITECTURE.md', is, should: printInto(is, 'transitions', transitionTable(transitions)) }];
}
