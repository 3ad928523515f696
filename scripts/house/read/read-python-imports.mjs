import { lineOf } from './line-of.mjs';

// Strings of every kind, docstrings among them, and comments.
const NOT_CODE = /("""|''')(?:\\[\s\S]|(?!\1)[\s\S])*\1|"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\[\s\S]|[^'\\\n])*'|#[^\n]*/g;
// `from ..errors import A, B as C`, with its names in brackets or on one line
const FROM = /(?:^|[;:])[ \t]*from\s+(\.*)\s*([\w.]*)\s+import\s*(\([^)]*\)|(?:\\\n|[^\n;])*)/gm;
// `import a.b, c as d`
const IMPORT = /(?:^|[;:])[ \t]*import\s+((?:\\\n|[^\n;])*)/gm;

/**
 * The modules a Python file names, in order, wherever it does: at its top, in a function or below `if TYPE_CHECKING:`.
 *
 * @returns {{ dots: number, module: string[], names: string[], line: number }[]} `from ..a.b import c` has 2 dots, the
 *   module ['a', 'b'] and the names ['c']; `import a.b` has no dots and no names
 */
export function readPythonImports(source) {
  const code = source.replace(NOT_CODE, (text) => text.replace(/[^\n]/g, ' '));
  const from = [...code.matchAll(FROM)].map((match) => ({ dots: match[1].length, module: parts(match[2]), names: listed(match[3]), line: lineAt(code, match) }));
  const plain = [...code.matchAll(IMPORT)].flatMap((match) => listed(match[1]).map((name) => ({ dots: 0, module: parts(name), names: [], line: lineAt(code, match) })));
  return [...from, ...plain].sort((a, b) => a.line - b.line);
}

/**
 * The files that an import leads to, among the package's own.
 * @param {Set<string>} files every Python file of the package
 */
export function pythonTargets(files, file, { dots, module, names }) {
  const folders = dots > 0 ? [up(folderOf(file), dots - 1)] : [sourceRoot(files, file), 'src'];
  const find = (...path) => [`${path.join('/')}.py`, `${path.join('/')}/__init__.py`].find((candidate) => files.has(candidate));
  for (const folder of folders) {
    const named = [...folder.split('/').filter(Boolean), ...module];
    // In `from . import layout` the name may be a module of its own; any other stands inside the one before it.
    const targets = names.length > 0 ? names.map((name) => find(...named, name) ?? find(...named)) : [find(...named)];
    const found = new Set(targets.filter((target) => target !== undefined));
    if (found.size > 0) return [...found];
  }
  return [];
}

/** Where the packages that a file belongs to begin: the first folder above it that is no package. */
function sourceRoot(files, file) {
  let folder = folderOf(file);
  while (files.has(`${folder}/__init__.py`)) folder = folderOf(folder);
  return folder;
}

const folderOf = (file) => file.split('/').slice(0, -1).join('/');
const up = (folder, levels) => (levels === 0 ? folder : up(folderOf(folder), levels - 1));
const parts = (module) => module.split('.').filter(Boolean);
const lineAt = (code, { index, 0: text }) => lineOf(code, index + text.search(/\S/));

/** `(\n  A,\n  B as C,\n)` → ['A', 'B'] */
const listed = (text) => text.replace(/[()\\]/g, ' ').split(',').map((name) => name.trim().split(/\s+/)[0]).filter(Boolean);
