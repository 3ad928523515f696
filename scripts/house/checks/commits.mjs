import { blankOut } from '../read/blank-out.mjs';
import { findText } from '../read/find-text.mjs';

/** What changes the database at once, rather than as a part of a transaction that was handed over as `tx`. */
const COMMITS = /\$transaction\s*\(|\bprisma\s*\.\s*\w+\s*\.\s*(?:create|update|upsert|delete)\w*\s*\(|\bprisma\s*\.\s*\$executeRaw\w*|\bdb\s*\.\s*write\s*\(/g;

/** Refuses every other way to commit than that of writing/, with its retries, stored answers, events and audit. */
export function checkCommits(workspace, { api }) {
  return findText(workspace, api, { pattern: COMMITS, read: blankOut, except: /^writing\// }).map(({ file, line, text }) => ({
    file,
    line,
    sentence: `${text.replace(/\s+/g, '').replace(/\($/, '')} commits past writing/; go through what writing/ offers.`,
  }));
}
