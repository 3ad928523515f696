import { literal } from '../notation.js';
import { jsonNotation, shellWord } from './curl.js';
import type { Writer } from './snippet.js';

/**
 * The command line reads the input as JSON from the lines below it, in which nothing means anything to the shell: none of them can be
 * END, since JSON has its line breaks outside of texts.
 */
export const cli: Writer = ({ operation, baseUrl, input, file }) => {
  const command = ['verge api', operation, '--url', shellWord(baseUrl), ...(file ? ['-F', shellWord(`model=@${file.path}`)] : [])].join(' ');
  return Object.keys(input).length === 0 ? `${command}\n` : `${command} --input - <<'END'\n${literal(input, jsonNotation, '', 8)}\nEND\n`;
};
