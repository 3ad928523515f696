import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RefusalCode } from '../../src/refusal.js';
import type { BlobStore } from '../../src/storage/blob-store.js';

export interface OpenedStore {
  readonly store: BlobStore;
  /** How many files or objects there are that belong to nobody yet. */
  staged(): Promise<number>;
  /** The same storage as a process sees it that starts after this one was killed. */
  reopenAfterCrash(): Promise<BlobStore>;
  /** Removes it all. */
  destroy(): Promise<void>;
}

export interface OpenOptions {
  /** What the storage is to take for "nearly full". */
  readonly minFreeBytes?: number;
}

const unlimited = () => Number.POSITIVE_INFINITY;
const sha256 = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const streamOf = (...chunks: (string | Uint8Array)[]) => Readable.from(chunks.map((chunk) => Buffer.from(chunk)));

/** A stream that has its first bytes. */
export async function beginReading(store: BlobStore, key: string): Promise<Readable> {
  const stream = await store.read(key);
  if (stream.readableLength === 0) await once(stream, 'readable');
  return stream;
}

/** What every BlobStore has to hold to. `open` gives an empty one. */
export function blobStoreSuite(name: string, open: (options?: OpenOptions) => Promise<OpenedStore>): void {
  describe(`${name} as a blob store`, () => {
    let opened: OpenedStore;
    let store: BlobStore;
    beforeEach(async () => {
      opened = await open();
      store = opened.store;
    });
    afterEach(() => opened.destroy());

    const put = async (key: string, content: string) => (await store.stage(streamOf(content), unlimited)).keep(key);
    const get = async (key: string) => text(await store.read(key));
    const keys = async () => {
      const found: string[] = [];
      for await (const { key } of store.list()) found.push(key);
      return found.sort();
    };
    const refusal = (code: RefusalCode): unknown => expect.objectContaining({ name: 'Refusal', code });

    describe('staging', () => {
      it('counts and hashes what comes, and lets it be read locally', async () => {
        const staged = await store.stage(streamOf('hel', 'lo', '', ' world'), unlimited);
        expect(staged).toMatchObject({ size: 11, sha256: sha256('hello world') });
        expect(Buffer.from(staged.head).toString()).toBe('hello wo');
        expect(await readFile(staged.path, 'utf8')).toBe('hello world');
        await staged.discard();
      });

      it.each([1, 7, 8, 9])('gives the first 8 bytes, or all %i, however they are cut', async (length) => {
        const content = 'abcdefghij'.slice(0, length);
        const staged = await store.stage(streamOf(...content), unlimited);
        expect(Buffer.from(staged.head).toString()).toBe(content.slice(0, 8));
        await staged.discard();
      });

      it('takes 10 MiB in uneven chunks', async () => {
        const bytes = Buffer.alloc(10 * 1024 * 1024, 'abcdefg');
        const cut = Array.from({ length: 11 }, (_, at) => bytes.subarray(at * 1_000_003, (at + 1) * 1_000_003));
        const staged = await store.stage(streamOf(...cut), unlimited);
        expect(staged).toMatchObject({ size: bytes.length, sha256: sha256(bytes) });
        await staged.keep('folder/large');
        const parts: Buffer[] = [];
        for await (const part of await store.read('folder/large')) parts.push(part as Buffer);
        expect(sha256(Buffer.concat(parts))).toBe(sha256(bytes));
      });

      it('shows nobody what is not kept', async () => {
        const staged = await store.stage(streamOf('x'), unlimited);
        expect(await keys()).toEqual([]);
        await staged.discard();
        expect(await keys()).toEqual([]);
        expect(await opened.staged()).toBe(0);
      });

      it('keeps many that come at once apart', async () => {
        await Promise.all(Array.from({ length: 20 }, (_, at) => put(`folder/${at}`, `content ${at}`)));
        for (let at = 0; at < 20; at++) expect(await get(`folder/${at}`)).toBe(`content ${at}`);
      });

      it('asks once for the limit, with the first bytes', async () => {
        const asked: string[] = [];
        const limitOf = (head: Uint8Array) => {
          asked.push(Buffer.from(head).toString());
          return 100;
        };
        await (await store.stage(streamOf(...'abcdefghijklmnop'), limitOf)).discard();
        await (await store.stage(streamOf('abc'), limitOf)).discard();
        expect(asked).toEqual(['abcdefgh', 'abc']);
      });
    });

    describe('staging fails, leaves nothing and ends its source', () => {
      it.each([
        ['model_too_large', ['0123456789', 'x'], () => 10],
        ['model_too_large', ['abc'], () => 2],
        ['empty_model', [], unlimited],
        ['empty_model', ['', ''], unlimited],
      ] as [RefusalCode, string[], () => number][])('with %s for %j', async (code, chunks, limitOf) => {
        const source = streamOf(...chunks);
        await expect(store.stage(source, limitOf)).rejects.toEqual(refusal(code));
        expect(source.destroyed).toBe(true);
        expect(await opened.staged()).toBe(0);
      });

      it('but not at exactly the limit', async () => {
        await (await store.stage(streamOf('0123456789'), () => 10)).discard();
      });

      it('with the error of a source that breaks, or incomplete_body when its connection did', async () => {
        function* chunksUntil(error: Error) {
          yield Buffer.alloc(3 * 1024 * 1024);
          throw error;
        }
        const breaking = (error: Error) => Readable.from(chunksUntil(error));
        await expect(store.stage(breaking(new Error('the moon')), unlimited)).rejects.toThrow('the moon');
        const reset = Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
        await expect(store.stage(breaking(reset), unlimited)).rejects.toEqual(refusal('incomplete_body'));
        expect(await opened.staged()).toBe(0);
      });

      it('with incomplete_body when the source is destroyed without a word', async () => {
        const source = new Readable({ read() {} });
        source.push(Buffer.alloc(100));
        const staging = store.stage(source, unlimited);
        source.destroy();
        await expect(staging).rejects.toEqual(refusal('incomplete_body'));
        expect(await opened.staged()).toBe(0);
      });

      it('with what the limit throws', async () => {
        const source = streamOf('abcdefghij');
        await expect(
          store.stage(source, () => {
            throw new Error('no limit');
          }),
        ).rejects.toThrow('no limit');
        expect(source.destroyed).toBe(true);
        expect(await opened.staged()).toBe(0);
      });

      it('with storage_full when there is little space left', async () => {
        const full = await open({ minFreeBytes: Number.MAX_SAFE_INTEGER });
        try {
          const source = streamOf('abc');
          await expect(full.store.stage(source, unlimited)).rejects.toEqual(refusal('storage_full'));
          expect(source.destroyed).toBe(true);
          expect(await full.staged()).toBe(0);
        } finally {
          await full.destroy();
        }
      });
    });

    describe('keeping', () => {
      it('makes it readable under its key, once', async () => {
        const staged = await store.stage(streamOf('hello'), unlimited);
        await staged.keep('folder/key');
        expect(await get('folder/key')).toBe('hello');
        expect(await keys()).toEqual(['folder/key']);
        expect(await opened.staged()).toBe(0);
      });

      it('is not undone by a later discard', async () => {
        const staged = await store.stage(streamOf('hello'), unlimited);
        await staged.keep('folder/key');
        await staged.discard();
        await staged.discard();
        expect(await get('folder/key')).toBe('hello');
      });

      it('works while its folder is removed at the same moment', async () => {
        for (let round = 0; round < 20; round++) {
          const staged = await store.stage(streamOf('hello'), unlimited);
          await Promise.all([staged.keep(`folder/${round}`), store.removeFolder('folder')]);
        }
      });

      it('works for many at once while their folder is removed', async () => {
        for (let round = 0; round < 20; round++) {
          const staged = await Promise.all(Array.from({ length: 20 }, () => store.stage(streamOf('hello'), unlimited)));
          const [first, ...others] = staged.map((blob, at) => () => blob.keep(`folder/${round}-${at}`));
          await Promise.all([first!(), store.removeFolder('folder'), ...others.map((keep) => keep())]);
        }
        await put('folder/after', 'still');
        expect(await get('folder/after')).toBe('still');
        expect(await opened.staged()).toBe(0);
      });

      it('survives the end of the process', async () => {
        await put('folder/key', 'hello');
        const next = await opened.reopenAfterCrash();
        expect(await text(await next.read('folder/key'))).toBe('hello');
        await next.close();
      });
    });

    describe('a file written at a draft path', () => {
      it('becomes a blob as an upload does', async () => {
        const draft = store.draftPath();
        await writeFile(draft, 'made here');
        const staged = store.adopt(draft, { size: 9, sha256: sha256('made here') });
        expect(staged).toMatchObject({ size: 9, sha256: sha256('made here') });
        await staged.keep('folder/made');
        expect(await get('folder/made')).toBe('made here');
        expect(await opened.staged()).toBe(0);
      });

      it('goes when it is discarded', async () => {
        const draft = store.draftPath();
        await writeFile(draft, 'made here');
        await store.adopt(draft, { size: 9, sha256: sha256('made here') }).discard();
        expect(await opened.staged()).toBe(0);
      });

      it('is another path every time', () => {
        expect(store.draftPath()).not.toBe(store.draftPath());
      });
    });

    describe('reading', () => {
      it.each([
        [{ start: 0, end: 0 }, 'h'],
        [{ start: 0, end: 4 }, 'hello'],
        [{ start: 6, end: 10 }, 'world'],
        [{ start: 10, end: 10 }, 'd'],
        [{ start: 3, end: 7 }, 'lo wo'],
      ])('gives the part %j', async (range, part) => {
        await put('folder/key', 'hello world');
        expect(await text(await store.read('folder/key', range))).toBe(part);
      });

      it('can be done by many at once, and given up half-way', async () => {
        await put('folder/key', 'x'.repeat(1024 * 1024));
        const streams = await Promise.all(Array.from({ length: 10 }, () => store.read('folder/key')));
        streams[0]!.destroy();
        for (const stream of streams.slice(1)) expect(await text(stream)).toHaveLength(1024 * 1024);
      });

      it('by very many who take it slowly holds little of it for each', async () => {
        await put('folder/key', 'x'.repeat(1024 * 1024));
        const streams = await Promise.all(Array.from({ length: 500 }, () => beginReading(store, 'folder/key')));
        const held = streams.reduce((sum, stream) => sum + stream.readableLength, 0);
        expect(held).toBeLessThan(64 * 1024 * 1024);
        await Promise.all(streams.map((stream) => once(stream.destroy(), 'close')));
      });

      it('is refused with model_not_found for an unknown key', async () => {
        await expect(store.read('folder/unknown')).rejects.toEqual(refusal('model_not_found'));
        await put('folder/key', 'x');
        await expect(store.read('folder/unknown')).rejects.toEqual(refusal('model_not_found'));
      });

      it('is possible from a local file', async () => {
        await put('folder/key', 'hello');
        const copy = await store.borrow('folder/key', sha256('hello'));
        expect(await readFile(copy.path, 'utf8')).toBe('hello');
        await copy.giveBack();
        expect(await opened.staged()).toBe(0);
        expect(await get('folder/key')).toBe('hello');
      });
    });

    describe('removing', () => {
      it('takes one key and leaves the others', async () => {
        await put('folder/one', '1');
        await put('folder/two', '2');
        await store.remove('folder/one');
        expect(await keys()).toEqual(['folder/two']);
        await expect(store.read('folder/one')).rejects.toEqual(refusal('model_not_found'));
      });

      it('of what is not there does nothing', async () => {
        await store.remove('folder/never');
        await store.removeFolder('never');
      });

      it('takes a folder and leaves those whose name only begins alike', async () => {
        for (const key of ['a/1', 'a/2', 'ab/1', 'b/a']) await put(key, key);
        await store.removeFolder('a');
        expect(await keys()).toEqual(['ab/1', 'b/a']);
      });
    });

    it('lists every key with the time it was written', async () => {
      const before = Date.now() - 2000;
      for (const key of ['a/1', 'a/2', 'b/1']) await put(key, key);
      expect(await keys()).toEqual(['a/1', 'a/2', 'b/1']);
      for await (const { changedAt } of store.list()) {
        expect(changedAt.getTime()).toBeGreaterThan(before);
        expect(changedAt.getTime()).toBeLessThan(Date.now() + 2000);
      }
    });

    it.each(['../outside', 'folder/../../outside', '/etc/passwd', 'folder/..', '..', '', 'folder/', 'a/b/c', 'folder/a\0b', 'folder/a b', 'folder\\a'])(
      'refuses %j as a key, whatever is asked of it',
      async (key) => {
        const staged = await store.stage(streamOf('x'), unlimited);
        await expect(staged.keep(key)).rejects.toThrow('not a blob key');
        await staged.discard();
        await expect(store.read(key)).rejects.toThrow('not a blob key');
        await expect(store.remove(key)).rejects.toThrow('not a blob key');
        expect(await keys()).toEqual([]);
        expect(await opened.staged()).toBe(0);
      },
    );

    describe('leftovers', () => {
      it('of a process that died are removed by the next one, and kept blobs are not', async () => {
        await put('folder/kept', 'kept');
        await store.stage(streamOf('half'), unlimited);
        await writeFile(store.draftPath(), 'draft');
        expect(await opened.staged()).toBe(2);
        const next = await opened.reopenAfterCrash();
        await next.removeLeftovers();
        expect(await opened.staged()).toBe(0);
        expect(await text(await next.read('folder/kept'))).toBe('kept');
        await next.close();
      });

      it('are not what this very process is about to keep', async () => {
        const staged = await store.stage(streamOf('mine'), unlimited);
        await store.removeLeftovers();
        await staged.keep('folder/mine');
        expect(await get('folder/mine')).toBe('mine');
      });
    });
  });
}
