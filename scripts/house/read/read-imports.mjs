import { blankOut } from './blank-out.mjs';
import { lineOf } from './line-of.mjs';

// What may stand between the keyword and `from`; never the next statement.
const CLAUSE = String.raw`(?:(?!\b(?:import|export)\b)[\w$*,\s]|\{[^{}]*\})`;
// `import x from '…'`, `export { x } from '…'`, `import '…'`
const STATEMENT = new RegExp(String.raw`(?<![.\w$])(import|export)\b(?:(${CLAUSE}*?)\bfrom)?\s*(['"])`, 'g');
// `import('…')`, `require('…')`; `typeof import('…')` is a type
const CALL = /(?<![.\w$])(typeof\s+import|import|require)\s*\(\s*(['"])/g;

/**
 * The modules a JavaScript or TypeScript file names, in order.
 * @returns {{ specifier: string, line: number, typeOnly: boolean }[]} `typeOnly` means that nothing of it is left when the file runs
 */
export function readImports(source) {
  const code = blankOut(source);
  const statements = [...code.matchAll(STATEMENT)]
    .filter(([, keyword, clause]) => keyword === 'import' || clause !== undefined)
    .map((match) => found(source, match, /^\s+type\b(?!\s*(,|$))/.test(match[2] ?? '')));
  const calls = [...code.matchAll(CALL)].map((match) => found(source, match, match[1].startsWith('typeof')));
  return [...statements, ...calls].sort((a, b) => a.line - b.line);
}

/** The lines on which a file takes hold of its environment. */
export function readsOfEnvironment(source) {
  const member = /(?<![.\w$])(?:globalThis\s*\.\s*)?process\s*(\??\.\s*env\b|\[)/g;
  const named = readImports(source).filter(({ specifier, typeOnly }) => /^(node:)?process$/.test(specifier) && !typeOnly);
  return [...[...blankOut(source).matchAll(member)].map(({ index }) => lineOf(source, index)), ...named.map(({ line }) => line)];
}

// A match ends with the quote that opens the specifier, which only the source still has.
function found(source, match, typeOnly) {
  const start = match.index + match[0].length;
  const quote = source[start - 1];
  return { specifier: source.slice(start, source.indexOf(quote, start)), line: lineOf(source, match.index), typeOnly };
}
