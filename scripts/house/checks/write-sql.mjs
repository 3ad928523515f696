import { withoutComments } from '../read/blank-out.mjs';
import { findText } from '../read/find-text.mjs';

const WRITES = /\b(?:INSERT\s+INTO|DELETE\s+FROM|UPDATE(?=\s+["$]|\s+\w+\s+SET\b))/g;

/** Refuses SQL that changes rows and is written by hand: only what knows the schema may make it. Reading by hand is allowed. */
export function checkWriteSql(workspace, { api }) {
  return findText(workspace, api, { pattern: WRITES, read: withoutComments }).map(({ file, line, text }) => ({
    file,
    line,
    sentence: `${text.replace(/\s+/, ' ')} is written by hand; let packages/db make the statement, which knows the schema.`,
  }));
}
