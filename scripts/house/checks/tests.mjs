import { blankOut, withoutComments } from '../read/blank-out.mjs';
import { lineOf } from '../read/line-of.mjs';
import { isPath } from '../read/source-files.mjs';

const TIMERS = /(?<!\.\s*)\b(?:setTimeout|setInterval)\s*\(/g;
const TIMER_MODULES = /(['"])(?:node:)?timers(?:\/promises)?\1/g;

/** Holds tests to what CONTRIBUTING.md says of them: nothing sleeps, and what is tested is the source. */
export function checkTests(workspace) {
  return workspace.flatMap(({ dir, files }) =>
    files
      .filter(({ file }) => file.startsWith('test/'))
      .flatMap(({ file, source, imports }) => [
        ...[...find(TIMERS, blankOut(source)), ...find(TIMER_MODULES, withoutComments(source))].map(({ line, text }) => ({
          file: `${dir}/${file}`,
          line,
          sentence: `${text.replace(/\s*\($/, '')} stands in a test; step a clock, or wait for a condition with eventually().`,
        })),
        ...imports.filter(({ specifier }) => isPath(specifier) && /\/dist\//.test(specifier)).map(({ specifier, line }) => ({
          file: `${dir}/${file}`,
          line,
          sentence: `${specifier} is what was built; tests import from src.`,
        })),
      ]),
  );
}

const find = (pattern, text) => [...text.matchAll(pattern)].map((match) => ({ line: lineOf(text, match.index), text: match[0] }));
