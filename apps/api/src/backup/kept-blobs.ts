import type { Database } from '@vergeai/db';
import type { BackedUpBlob } from './backup-folder.js';

const PAGE = 1000;

/** Every blob that a row names, once. */
export async function keptBlobs({ prisma }: Database): Promise<BackedUpBlob[]> {
  const byKey = new Map<string, BackedUpBlob>();
  const select = { id: true, blobKey: true, size: true, sha256: true } as const;
  const page = (after: string) => ({ select, where: { id: { gt: after } }, orderBy: { id: 'asc' }, take: PAGE }) as const;
  const tables = [(after: string) => prisma.storedModel.findMany(page(after)), (after: string) => prisma.serverState.findMany(page(after))];
  for (const rowsAfter of tables) {
    for (let rows = await rowsAfter(''); rows.length > 0; rows = await rowsAfter(rows.at(-1)!.id)) {
      for (const { blobKey, size, sha256 } of rows) byKey.set(blobKey, { key: blobKey, size: Number(size), sha256 });
    }
  }
  return [...byKey.values()];
}

/** Whether a row still names a blob. */
export async function isKept({ prisma }: Database, blobKey: string): Promise<boolean> {
  return (await prisma.storedModel.count({ where: { blobKey } })) + (await prisma.serverState.count({ where: { blobKey } })) > 0;
}
