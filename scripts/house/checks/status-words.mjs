import { withoutComments } from '../read/blank-out.mjs';
import { findText } from '../read/find-text.mjs';

/** Refuses the words for the status of a job or a drawn device outside packages/domain, be it in code or in SQL. */
export function checkStatusWords(workspace, { api }) {
  const pattern = new RegExp(`(['"\`])(${api.statusWords.join('|')})\\1`, 'g');
  return findText(workspace, api, { pattern, read: withoutComments }).map(({ file, line, text }) => ({
    file,
    line,
    sentence: `${text} is a word of packages/domain; import it instead of writing it once more.`,
  }));
}
