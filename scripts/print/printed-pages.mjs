import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { eventTable } from './event-table.mjs';
import { printInto } from './print-into.mjs';
import { transitionTable } from './transition-table.mjs';

/**
 * The pages that tell what code says, as they are and as they should be. Needs a build.
 * @returns {Promise<{ file: string, is: string, should: string }[]>} `file` is relative to `root`
 */
export async function printedPages(root) {
  const load = (file) => import(pathToFileURL(path.join(root, file)).href);
  const { transitions } = await load('packages/domain/dist/index.js');
  const { eventCatalogue } = await load('packages/contract/dist/index.js');
  return [printed(root, 'ARCHITECTURE.md', 'transitions', transitionTable(transitions)), printed(root, 'docs/events.md', 'events', eventTable(eventCatalogue))];
}

function printed(root, file, place, text) {
  const is = readFileSync(path.join(root, file), 'utf8');
  return { file, is, should: printInto(is, place, text) };
}
