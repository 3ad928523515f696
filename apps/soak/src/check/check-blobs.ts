import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Check, Evidence } from './evidence.js';

export const checkBlobs: Check = {
  promise: 'Every model has its bytes, they are counted for its project, and after a clean-up there are no orphan blobs and no temporary files',
  async *run(evidence) {
    for (const { id, kind, blobKey, size, sha256 } of evidence.tables.StoredModel) {
      const bytes = await readFile(path.join(evidence.blobs, 'models', blobKey)).catch(() => undefined);
      if (!bytes) yield `Model ${id} (${kind}) has lost its bytes: ${blobKey} is not there.`;
      else if (bytes.length !== size) yield `Model ${id} (${kind}) has ${bytes.length} bytes and should have ${size}.`;
      else if (createHash('sha256').update(bytes).digest('hex') !== sha256) yield `Model ${id} (${kind}) no longer has the bytes that were taken in: the hash of ${blobKey} differs.`;
    }
    for (const { id, storedBytes } of evidence.tables.Project) {
      const blobs = new Map(evidence.tables.StoredModel.flatMap(({ projectId, blobKey, size }) => (projectId === id ? [[blobKey, size]] : [])));
      const kept = [...blobs.values()].reduce((sum, size) => sum + size, 0);
      if (storedBytes !== kept) yield `Project ${id} keeps ${kept} bytes of models, and ${storedBytes} are counted.`;
    }
    // A clean-up may be under way.
    let left = await leftovers(evidence);
    for (const began = performance.now(); left.length > 0 && evidence.wire && performance.now() - began < evidence.patienceMs; left = await leftovers(evidence)) await pause(100);
    yield* left;
  },
};

async function leftovers({ blobs, tables, wire }: Evidence): Promise<string[]> {
  const used = new Set(tables.StoredModel.map(({ blobKey }) => blobKey));
  const models = path.join(blobs, 'models');
  const kept = await filesIn(models);
  const orphans = kept.filter((key) => !used.has(key)).map((key) => `The blob ${key} belongs to no model.`);
  const staged = await readdir(path.join(blobs, 'staging'), { withFileTypes: true }).catch(() => []);
  const folders = staged.filter((entry) => entry.isDirectory());
  // The lock of a folder lies beside it, under its name.
  const isLock = (name: string) => folders.some((folder) => name.startsWith(`${folder.name}.lock`));
  const files = (await filesIn(path.join(blobs, 'staging'))).filter((name) => !isLock(name));
  // A running server has one folder of its own.
  const abandoned = folders.length > (wire ? 1 : 0) ? [`There are ${folders.length} staging folders${wire ? ' and one server' : ' and no server'}.`] : [];
  return [...orphans, ...abandoned, ...files.map((name) => `The temporary file staging/${name} was left behind.`)];
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'));
}
