import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { readComments } from '../../packages/contract/scripts/read-comments.mjs';
import { eventTable } from './event-table.mjs';
import { operationList } from './operation-list.mjs';
import { printInto } from './print-into.mjs';
import { transitionTable } from './transition-table.mjs';

/** Inputs that docs/llms.txt explains once. */
const EXPLAINED = ['project_id', 'experiment_id', 'job_id', 'device_id', 'user_id', 'limit', 'cursor'];

/**
 * The pages that tell what code says, as they are and as they should be. Needs a build.
 * @returns {Promise<{ file: string, is: string, should: string }[]>} `file` is relative to `root`
 */
export async function printedPages(root) {
  const load = (file) => import(pathToFileURL(path.join(root, file)).href);
  const { transitions } = await load('packages/domain/dist/index.js');
  const { contract, eventCatalogue, operations, shapeOf } = await load('packages/contract/dist/index.js');
  const comments = readComments(Object.keys(contract), pathToFileURL(path.join(root, 'packages/contract/src/')));
  return [
    printed(root, 'ARCHITECTURE.md', 'transitions', transitionTable(transitions)),
    printed(root, 'docs/events.md', 'events', eventTable(eventCatalogue)),
    printed(root, 'docs/llms.txt', 'operations', operationList(operations({ ...contract }), comments, shapeOf, EXPLAINED)),
  ];
}

function printed(root, file, place, text) {
  const is = readFileSync(path.join(root, file), 'utf8');
  return { file, is, should: printInto(is, place, text) };
}
