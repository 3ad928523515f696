import { lineOf } from './line-of.mjs';
import { serverFiles } from './server-files.mjs';

/**
 * Where something is written in the server.
 *
 * @param {{ pattern: RegExp, read: (source: string) => string, except?: RegExp }} what `read` is how much of a file
 *   counts (code only, or strings too), `except` are the files that may have it
 * @returns {{ file: string, line: number, text: string }[]}
 */
export function findText(workspace, api, { pattern, read, except }) {
  return serverFiles(workspace, api)
    .filter(({ name }) => except === undefined || !except.test(name))
    .flatMap(({ name, source }) => {
      const text = read(source);
      return [...text.matchAll(pattern)].map((match) => ({ file: `${api.src}/${name}`, line: lineOf(text, match.index), text: match[0] }));
    });
}
