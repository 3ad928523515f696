import { copyFile, open } from 'node:fs/promises';

/** Copies a private file; its bytes are on disk when this resolves, its name may not be. */
export async function copySynced(from: string, to: string): Promise<void> {
  await copyFile(from, to);
  const handle = await open(to, 'r+');
  try {
    await handle.chmod(0o600);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
