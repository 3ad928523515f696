import { once } from 'node:events';
import { cp, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { FileBlobStore } from '../../src/storage/file-blob-store.js';
import { systemClock } from '../../src/time/system-clock.js';
import { stagedFiles } from '../support/uploads.js';
import { beginReading, blobStoreSuite, type OpenOptions } from './blob-store.suite.js';

async function openStore({ minFreeBytes = 0 }: OpenOptions = {}) {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'vergeai-blobs-'));
  const dir = path.join(dataDir, 'blobs');
  const onFatal = (error: unknown) => {
    throw error;
  };
  const store = await FileBlobStore.open({ dir, minFreeBytes, clock: systemClock, onFatal });
  return {
    store,
    dir,
    staged: async () => (await stagedFiles(dataDir)).length,
    reopenAfterCrash: async () => {
      // The kernel drops the locks of a process that is killed; closing does the same, but would tidy up as well.
      const left = await mkdtemp(path.join(tmpdir(), 'vergeai-left-'));
      await cp(dir, left, { recursive: true, filter: (source) => !source.includes('.lock') });
      await store.close();
      await rm(dir, { recursive: true, force: true });
      await cp(left, dir, { recursive: true });
      await rm(left, { recursive: true, force: true });
      return FileBlobStore.open({ dir, minFreeBytes, clock: systemClock, onFatal });
    },
    destroy: async () => {
      await store.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

blobStoreSuite('a FileBlobStore', openStore);

it('files on disk are for their owner only while they are staged', async () => {
  const opened = await openStore();
  try {
    const staged = await opened.store.stage(Readable.from([Buffer.from('secret')]), () => 100);
    expect((await stat(staged.path)).mode & 0o777).toBe(0o600);
    await staged.keep('folder/key');
    expect((await stat(path.join(opened.dir, 'models', 'folder', 'key'))).mode & 0o777).toBe(0o600);
    expect(await readdir(path.join(opened.dir, 'models'))).toEqual(['folder']);
  } finally {
    await opened.destroy();
  }
});

it('a file on disk that very many read slowly is quickly read again when few do', async () => {
  const opened = await openStore();
  try {
    const { store } = opened;
    await (await store.stage(Readable.from([Buffer.alloc(1024 * 1024)]), () => Number.POSITIVE_INFINITY)).keep('folder/key');
    const begin = () => beginReading(store, 'folder/key');
    const alone = await begin();
    const streams = await Promise.all(Array.from({ length: 500 }, begin));
    expect(streams.at(-1)!.readableLength).toBeLessThan(alone.readableLength);
    await Promise.all([alone, ...streams].map((stream) => once(stream.destroy(), 'close')));
    const next = await begin();
    expect(next.readableLength).toBe(alone.readableLength);
    next.destroy();
  } finally {
    await opened.destroy();
  }
});
