import { blankOut } from './blank-out.mjs';

// What may stand between the keyword and `from`; never the next statement.
const CLAUSE = String.raw`(?:(?!\b(?:import|export)\b)[\w$*,\s]|\{[^{}]*\})`;
// `import x from '…'`, `export { x } from '…'`, `import '…'`
const STATEMENT = new RegExp(String.raw`(?<![.\w$])(import|export)\b(?:(${CLAUSE}*?)\bfrom)?\s*(['"])`, 'g');
// `import('…')`, `require('…')`, `require.resolve('…')`
const CALL = /(?<![.\w$])(?:import|require|require\.resolve)\s*\(\s*(['"])/g;

/**
 * The modules a JavaScript or TypeScript file names, in order.
 * @returns {{ specifier: string, line: number, typeOnly: boolean }[]} `typeOnly` means `import type` or `export type`
 */
export function readImports(source) {
  const code = blankOut(source);
  const statements = [...code.matchAll(STATEMENT)]
    .filter(([, keyword, clause]) => keyword === 'import' || clause !== undefined)
    .map((match) => found(source, match, /^\s+type\b(?!\s*(,|$))/.test(match[2] ?? '')));
  const calls = [...code.matchAll(CALL)].map((match) => found(source, match, false));
  return [...statements, ...calls].sort((a, b) => a.line - b.line);
}

/** The lines on which a file reads the environment of its process. */
export function readsOfEnvironment(source) {
  const code = blankOut(source);
  return [...code.matchAll(/(?<![.\w$])process\s*(\?\.|\.)\s*env\b|(?<![.\w$])process\s*\[/g)].map(({ index }) => lineOf(source, index));
}

// A match ends with the quote that opens the specifier, which only the source still has.
function found(source, match, typeOnly) {
  const start = match.index + match[0].length;
  const quote = source[start - 1];
  return { specifier: source.slice(start, source.indexOf(quote, start)), line: lineOf(source, match.index), typeOnly };
}

function lineOf(source, index) {
  return source.slice(0, index).split('\n').length;
}
