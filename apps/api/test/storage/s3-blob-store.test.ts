import { createHash, randomUUID } from 'node:crypto';
import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { StorageOpenError } from '../../src/storage/blob-store.js';
import { S3BlobStore, type S3BlobStoreOptions } from '../../src/storage/s3-blob-store.js';
import { systemClock } from '../../src/time/system-clock.js';
import { BUCKET, startS3, type S3Server } from '../support/s3.js';
import { stagedFiles } from '../support/uploads.js';
import { blobStoreSuite, type OpenOptions } from './blob-store.suite.js';

const MiB = 1024 * 1024;
const sha256 = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest('hex');

let s3: S3Server;
beforeAll(async () => {
  s3 = await startS3();
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) process.env[name] = s3.env[name];
});
afterAll(() => s3.stop());

/** Each has a prefix of its own. */
async function openStore({ minFreeBytes = 0, ...others }: OpenOptions & Partial<S3BlobStoreOptions> = {}) {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'vergeai-s3-'));
  const options = {
    bucket: BUCKET,
    prefix: `${randomUUID()}/`,
    endpoint: s3.env['S3_ENDPOINT'],
    region: 'us-east-1',
    pathStyle: true,
    dir: path.join(dataDir, 'blobs'),
    copiesBytes: 8 * MiB,
    clock: systemClock,
    minFreeBytes,
    ...others,
  };
  await mkdir(options.dir);
  const store = await S3BlobStore.open(options).catch(async (error: unknown) => {
    await rm(dataDir, { recursive: true });
    throw error;
  });
  return {
    store,
    options,
    copies: async () => (await readdir(path.join(options.dir, 'copies'))).sort(),
    staged: async () => (await stagedFiles(dataDir)).length,
    reopenAfterCrash: async () => {
      // The kernel drops the locks of a process that is killed; closing does the same, but would tidy up as well.
      const left = await mkdtemp(path.join(tmpdir(), 'vergeai-left-'));
      await cp(options.dir, left, { recursive: true, filter: (source) => !source.includes('.lock') });
      await store.close();
      await rm(options.dir, { recursive: true, force: true });
      await cp(left, options.dir, { recursive: true });
      await rm(left, { recursive: true, force: true });
      return S3BlobStore.open(options);
    },
    destroy: async () => {
      await store.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

blobStoreSuite('an S3BlobStore', openStore);

type Opened = Awaited<ReturnType<typeof openStore>>;
const put = async ({ store }: Opened, key: string, content: string | Uint8Array) =>
  (await store.stage(Readable.from([Buffer.from(content)]), () => Number.POSITIVE_INFINITY)).keep(key);

async function withStore(options: Partial<S3BlobStoreOptions>, work: (opened: Opened) => Promise<void>): Promise<void> {
  const opened = await openStore(options);
  try {
    await work(opened);
  } finally {
    await opened.destroy();
  }
}

it('a staged file that changes on the disk before it goes up is not kept, be it sent in one piece or in parts', () =>
  withStore({}, async (opened) => {
    for (const bytes of [10, 6 * MiB]) {
      const staged = await opened.store.stage(Readable.from([Buffer.alloc(bytes)]), () => Number.POSITIVE_INFINITY);
      await appendFile(staged.path, 'x');
      await expect(staged.keep('folder/changed')).rejects.toThrow('has changed on the disk');
      await staged.discard();
    }
    const keys: string[] = [];
    for await (const { key } of opened.store.list()) keys.push(key);
    expect(keys).toEqual([]);
  }));

it('bytes that changed in the store are never lent', () =>
  withStore({}, async (opened) => {
    await put(opened, 'folder/key', 'hello');
    await expect(opened.store.borrow('folder/key', sha256('other'))).rejects.toThrow('has changed in the store');
    expect(await opened.staged()).toBe(0);
  }));

it('a local copy that was damaged is fetched again', () =>
  withStore({}, async (opened) => {
    await put(opened, 'folder/key', 'hello');
    const file = path.join(opened.options.dir, 'copies', sha256('hello'));
    await writeFile(file, 'jello');
    const copy = await opened.store.borrow('folder/key', sha256('hello'));
    expect(await readFile(copy.path, 'utf8')).toBe('hello');
    expect(await readFile(file, 'utf8')).toBe('hello');
    await copy.giveBack();
  }));

it('local copies take no more room than they may, and one that is lent stays for whoever has it', () =>
  withStore({ copiesBytes: 4 * MiB }, async (opened) => {
    const contents = Array.from({ length: 9 }, (_, at) => Buffer.alloc(MiB, String(at)));
    const [first, ...others] = contents;
    await put(opened, 'folder/0', first!);
    const lent = await opened.store.borrow('folder/0', sha256(first!));
    for (const [at, content] of others.entries()) {
      await put(opened, `folder/${at + 1}`, content);
      await (await opened.store.borrow(`folder/${at + 1}`, sha256(content))).giveBack();
      expect((await opened.copies()).length).toBeLessThanOrEqual(4);
    }
    expect(await opened.copies()).not.toContain(sha256(first!));
    expect(sha256(await readFile(lent.path))).toBe(sha256(first!));
    await lent.giveBack();
    expect(await opened.staged()).toBe(0);
  }));

it('what is no copy goes from the folder of copies at the start, and what a killed process had lent to it with its leftovers', () =>
  withStore({}, async (opened) => {
    await put(opened, 'folder/key', 'hello');
    await opened.store.borrow('folder/key', sha256('hello'));
    await writeFile(path.join(opened.options.dir, 'copies', 'half'), 'hel');
    expect(await opened.staged()).toBe(1);
    const next = await opened.reopenAfterCrash();
    expect(await opened.copies()).toEqual([sha256('hello')]);
    await next.removeLeftovers();
    expect(await opened.staged()).toBe(0);
    await next.close();
  }));

it.each(['photos/', 'models/some/'])('objects of others below the prefix, in %s, are not listed, so that no clean-up takes them for orphans', (folder) =>
  withStore({}, async (opened) => {
    const inside = await openStore({ prefix: `${opened.options.prefix}${folder}` });
    try {
      await put(inside, 'a/b', 'theirs');
      const keys: string[] = [];
      for await (const { key } of opened.store.list()) keys.push(key);
      expect(keys).toEqual([]);
    } finally {
      await inside.destroy();
    }
  }));

it('more objects than a page has are all listed and removed', () =>
  withStore({ copiesBytes: 0 }, async (opened) => {
    await Promise.all(Array.from({ length: 1005 }, (_, at) => put(opened, `folder/${at}`, `${at}`)));
    const count = async () => {
      let keys = 0;
      for await (const { key } of opened.store.list()) keys += key.startsWith('folder/') ? 1 : 0;
      return keys;
    };
    expect(await count()).toBe(1005);
    await opened.store.removeFolder('folder');
    expect(await count()).toBe(0);
  }));

it('a store that went away refuses everything as busy, with a time to try again, and nothing else happens', async () => {
  const own = await startS3();
  await withStore({ endpoint: own.env['S3_ENDPOINT'] }, async (opened) => {
    const { store } = opened;
    await put(opened, 'folder/key', 'hello');
    const staged = await store.stage(Readable.from([Buffer.from('later')]), () => 100);
    await own.stop();
    const busy: unknown = expect.objectContaining({ name: 'Refusal', code: 'busy', retryAfterSec: 5 });
    await expect(staged.keep('folder/later')).rejects.toEqual(busy);
    await staged.discard();
    await expect(store.read('folder/key')).rejects.toEqual(busy);
    await expect(store.borrow('folder/other', sha256('other'))).rejects.toEqual(busy);
    await expect(store.remove('folder/key')).rejects.toEqual(busy);
    await expect(store.removeFolder('folder')).rejects.toEqual(busy);
    await expect(store.list()[Symbol.asyncIterator]().next()).rejects.toEqual(busy);
    // What is here needs no store.
    const copy = await store.borrow('folder/key', sha256('hello'));
    expect(await readFile(copy.path, 'utf8')).toBe('hello');
    await copy.giveBack();
    expect(await opened.staged()).toBe(0);
  });
});

/** A store that answers everything alike. */
async function answering(status: number, code: string): Promise<{ endpoint: string; server: Server }> {
  const server = createServer((req, res) => {
    req.resume();
    res.writeHead(status, { 'Content-Type': 'application/xml' }).end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>said the store</Message></Error>`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

it.each([
  [403, 'InvalidAccessKeyId', /^These credentials may not list, write and delete in the bucket models of STORAGE_URL \(InvalidAccessKeyId: said the store\)/],
  [403, 'SignatureDoesNotMatch', /^These credentials may not/],
  [404, 'NoSuchBucket', /^The bucket models of STORAGE_URL is not there/],
  [400, 'AuthorizationHeaderMalformed', /^The bucket models of STORAGE_URL is not in the region us-east-1 .*S3_REGION/],
  [500, 'InternalError', /^The store of STORAGE_URL does not answer at http/],
  [400, 'InvalidArgument', /^The bucket models of STORAGE_URL can't be used/],
])('the start says in a sentence what is wrong when the store answers %i %s', async (status, code, sentence) => {
  const { endpoint, server } = await answering(status, code);
  try {
    const opening = openStore({ endpoint });
    await expect(opening).rejects.toThrow(StorageOpenError);
    await expect(opening).rejects.toThrow(sentence);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

it('and when nobody is there', async () => {
  await expect(openStore({ endpoint: 'http://127.0.0.1:9' })).rejects.toThrow(/^The store of STORAGE_URL does not answer at http:\/\/127\.0\.0\.1:9 \(ECONNREFUSED/);
});

it('and when the bucket is not there', async () => {
  await expect(openStore({ bucket: 'no-such-bucket' })).rejects.toThrow(/^The bucket no-such-bucket of STORAGE_URL is not there/);
});

it('a part that is longer than what the store has left is an error and not fewer bytes', () =>
  withStore({}, async (opened) => {
    await put(opened, 'folder/key', 'hello');
    await expect(opened.store.read('folder/key', { start: 0, end: 9 })).rejects.toThrow('was cut in the store');
    await expect(opened.store.read('folder/key', { start: 5, end: 9 })).rejects.toMatchObject({ code: 'range_not_satisfiable' });
    expect(await text(await opened.store.read('folder/key', { start: 0, end: 4 }))).toBe('hello');
  }));
