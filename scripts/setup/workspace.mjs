import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Every package of the workspace, in the order of pnpm-workspace.yaml.
 * @returns {{ dir: string, manifest: Record<string, any> }[]} `dir` is relative to the root, with forward slashes
 */
export function workspacePackages(base = root) {
  const yaml = readFileSync(path.join(base, 'pnpm-workspace.yaml'), 'utf8');
  // pnpm's file has one list called `packages`, of folders whose children are packages.
  const [, list] = /^packages:\n((?: +- .+\n)+)/m.exec(yaml) ?? [];
  if (list === undefined) throw new Error('pnpm-workspace.yaml has no list called packages.');
  return [...list.matchAll(/- ['"]?([\w-]+)\/\*/g)]
    .flatMap(([, folder]) => childFolders(base, folder))
    .filter((dir) => existsSync(path.join(base, dir, 'package.json')))
    .map((dir) => ({ dir, manifest: readJson(path.join(base, dir, 'package.json')) }));
}

function childFolders(base, folder) {
  if (!existsSync(path.join(base, folder))) return [];
  return readdirSync(path.join(base, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `${folder}/${entry.name}`)
    .sort();
}

export function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}
