import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { workspacePackages } from '../../setup/workspace.mjs';
import { readImports } from './read-imports.mjs';

const NOT_OURS = new Set(['node_modules', 'dist', 'generated', 'coverage']);
const SOURCE = /\.[cm]?[jt]sx?$/;

/**
 * Every package with its files and what they import.
 *
 * @typedef {{ specifier: string, line: number, typeOnly: boolean, target?: string }} Import `target` is the file within
 *   the package, relative to it, when the specifier is a path that leads to one
 * @typedef {{ file: string, shipped: boolean, source: string, imports: Import[] }} SourceFile `file` is relative to the package
 * @returns {{ dir: string, manifest: Record<string, any>, files: SourceFile[] }[]}
 */
export function readWorkspace(root) {
  return workspacePackages(root).map(({ dir, manifest }) => ({ dir, manifest, files: readFiles(path.join(root, dir)) }));
}

function readFiles(packageRoot) {
  return listFiles(packageRoot, '').map((file) => {
    const source = readFileSync(path.join(packageRoot, file), 'utf8');
    const imports = readImports(source).map((one) => ({ ...one, target: targetOf(packageRoot, file, one.specifier) }));
    return { file, shipped: file.startsWith('src/') && !/\.test\.\w+$/.test(file), source, imports };
  });
}

function listFiles(packageRoot, folder) {
  return readdirSync(path.join(packageRoot, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = path.posix.join(folder, entry.name);
    if (entry.isDirectory()) return NOT_OURS.has(entry.name) || entry.name.startsWith('.') ? [] : listFiles(packageRoot, name);
    return SOURCE.test(entry.name) && !entry.name.endsWith('.d.ts') ? [name] : [];
  });
}

/** TypeScript says `./x.js` and means x.ts; a bundler takes `./x` too. */
function targetOf(packageRoot, file, specifier) {
  if (!isPath(specifier)) return undefined;
  const named = path.posix.join(path.posix.dirname(file), specifier.replace(/[?#].*$/, ''));
  const stem = named.replace(/\.([cm]?)jsx?$/, '.$1');
  const candidates = [named, `${stem}ts`, `${stem}tsx`, `${named}.ts`, `${named}.tsx`, `${named}/index.ts`, `${named}/index.tsx`];
  return candidates.find((candidate) => SOURCE.test(candidate) && existsSync(path.join(packageRoot, candidate)));
}

export function isPath(specifier) {
  return /^\.{1,2}(\/|$)/.test(specifier);
}
