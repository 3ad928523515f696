import { requireNode } from '../node-builtin.js';
import type { OpenedModel } from './open-model.js';

/** Writes the whole model, or nothing: a file that is there is replaced only by a complete one. */
export async function writeFile(path: string, model: OpenedModel): Promise<void> {
  let temporary: string | undefined;
  try {
    const { basename, dirname, join } = requireNode('node:path', 'toFile()');
    const { open, rename } = requireNode('node:fs/promises', 'toFile()');
    const { randomUUID } = requireNode('node:crypto', 'toFile()');
    const beside = join(dirname(path), `.${basename(path)}.${randomUUID()}.part`);
    const file = await open(beside, 'wx');
    temporary = beside;
    try {
      for await (const chunk of model.chunks) await file.writeFile(chunk);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    temporary = undefined;
  } finally {
    model.close();
    if (temporary !== undefined) await requireNode('node:fs/promises', 'toFile()').rm(temporary, { force: true });
  }
}
