import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Writes a tree of files (path → text, an object for JSON, or undefined for none) to a new folder that goes away after the test. */
export function plant(t, files) {
  const folder = mkdtempSync(path.join(tmpdir(), 'planted-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  plantIn(folder, files);
  return folder;
}

export function plantIn(folder, files) {
  for (const [name, content] of Object.entries(files)) {
    if (content === undefined) continue;
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  }
}
