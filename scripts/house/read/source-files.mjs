import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { workspacePackages } from '../../setup/workspace.mjs';
import { readImports } from './read-imports.mjs';
import { pythonTargets, readPythonImports } from './read-python-imports.mjs';

const NOT_OURS = new Set(['node_modules', 'dist', 'generated', 'coverage']);
const SOURCE = /\.[cm]?[jt]sx?$/;
const PYTHON = /\.py$/;

/**
 * Every package with its files and what they import.
 *
 * @typedef {{ specifier: string, line: number, typeOnly: boolean, target?: string }} Import `target` is the file within
 *   the package, relative to it, when the specifier is a path that leads to one
 * @typedef {{ file: string, shipped: boolean, source: string, imports: Import[] }} SourceFile `file` is relative to the package
 * @typedef {{ file: string, imports: { line: number, target: string }[] }} PythonFile its imports of the package's own files
 * @typedef {{ dir: string, files: SourceFile[], pythonFiles: PythonFile[] }} Folder
 * @returns {(Folder & { manifest: Record<string, any> })[]}
 */
export function readWorkspace(root) {
  return workspacePackages(root).map(({ dir, manifest }) => ({ manifest, ...readFolder(root, dir) }));
}

/** The same of one folder, whether it is a package or not. @returns {Folder} */
export function readFolder(root, dir) {
  const base = path.join(root, dir);
  const names = existsSync(base) ? listFiles(base, '') : [];
  return {
    dir,
    files: readFiles(base, names.filter((name) => SOURCE.test(name) && !name.endsWith('.d.ts'))),
    pythonFiles: readPythonFiles(base, names.filter((name) => PYTHON.test(name))),
  };
}

function readFiles(base, names) {
  return names.map((file) => {
    const source = readFileSync(path.join(base, file), 'utf8');
    const imports = readImports(source).map((one) => ({ ...one, target: targetOf(base, file, one.specifier) }));
    return { file, shipped: file.startsWith('src/') && !/\.test\.\w+$/.test(file), source, imports };
  });
}

function readPythonFiles(base, names) {
  const all = new Set(names);
  return names.map((file) => {
    const imports = readPythonImports(readFileSync(path.join(base, file), 'utf8'));
    return { file, imports: imports.flatMap((one) => pythonTargets(all, file, one).map((target) => ({ line: one.line, target }))) };
  });
}

function listFiles(base, folder) {
  return readdirSync(path.join(base, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = path.posix.join(folder, entry.name);
    if (entry.isDirectory()) return NOT_OURS.has(entry.name) || entry.name.startsWith('.') ? [] : listFiles(base, name);
    return [name];
  });
}

/** TypeScript says `./x.js` and means x.ts; a bundler takes `./x` too. */
function targetOf(base, file, specifier) {
  if (!isPath(specifier)) return undefined;
  const named = path.posix.join(path.posix.dirname(file), specifier.replace(/[?#].*$/, ''));
  const stem = named.replace(/\.([cm]?)jsx?$/, '.$1');
  const candidates = [named, `${stem}ts`, `${stem}tsx`, `${named}.ts`, `${named}.tsx`, `${named}/index.ts`, `${named}/index.tsx`];
  return candidates.find((candidate) => SOURCE.test(candidate) && existsSync(path.join(base, candidate)));
}

export function isPath(specifier) {
  return /^\.{1,2}(\/|$)/.test(specifier);
}
