import { fstatSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { seededRandom, testSeed } from '@vergeai/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createOutputFile } from '../../src/models/aggregate/files.js';
import { writeStream, type Intake } from '../../src/storage/write-stream.js';

const MIB = 1024 * 1024;

/** A step, and the write that completed it. */
const AT_MOST = 9 * MIB;

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'vergeai-steady-'));
  file = path.join(folder, 'model');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** How much there was more than at the sync before, at each of them and at the end. */
const steps = (sizes: readonly number[], end: number) => [...sizes, end].map((size, at) => size - (sizes[at - 1] ?? 0));

/** Chunks as a connection gives them, of 1 byte to 64 KiB. */
function* unevenChunks(length: number): Generator<Buffer> {
  const random = seededRandom(testSeed('uneven chunks'));
  const bytes = Buffer.alloc(64 * 1024, 'x');
  for (let left = length; left > 0; ) {
    const chunk = bytes.subarray(0, Math.min(left, 1 + Math.floor(random() * bytes.length)));
    left -= chunk.length;
    yield chunk;
  }
}

const write = (source: Readable, sync: Intake['sync']) =>
  writeStream(source, file, { limitOf: () => Number.POSITIVE_INFINITY, onBytes: () => {}, requireSpace: () => Promise.resolve(), sync });

describe('a large file is made durable as it grows, in steps of no more than 9 MiB', () => {
  it('when it comes as a stream, one step after the other', async () => {
    const sizes: number[] = [];
    let isRunning = false;
    const { size, handle } = await write(Readable.from(unevenChunks(50 * MIB)), async (growing) => {
      expect(isRunning).toBe(false);
      isRunning = true;
      sizes.push((await growing.stat()).size);
      await growing.datasync();
      isRunning = false;
    });
    expect(isRunning).toBe(false);
    await handle.close();
    expect(size).toBe(50 * MIB);
    expect((await stat(file)).size).toBe(50 * MIB);
    expect(Math.max(...steps(sizes, size))).toBeLessThanOrEqual(AT_MOST);
    expect(sizes).toHaveLength(6);
  });

  it('and nothing is synced any more once it is given up, wherever the stream breaks', async () => {
    const failed: unknown[] = [];
    // Around the first step, in pieces as large as a write, so that one is under way when it breaks.
    for (let pieces = 28; pieces <= 36; pieces++) {
      const breaking = Readable.from((function* () {
        for (let n = 0; n < pieces; n++) yield Buffer.alloc(256 * 1024);
        throw new Error('the connection broke');
      })());
      await expect(write(breaking, (growing) => growing.datasync().catch((error: unknown) => void failed.push(error)))).rejects.toThrow('the connection broke');
      await rm(file);
    }
    expect(failed).toEqual([]);
  });

  it('when a thread writes it block by block', () => {
    const sizes: number[] = [];
    const out = createOutputFile(file, (growing) => sizes.push(fstatSync(growing).size));
    for (const chunk of unevenChunks(50 * MIB)) out.append(chunk);
    const { size } = out.written();
    out.close();
    expect(size).toBe(50 * MIB);
    expect(Math.max(...steps(sizes, size))).toBeLessThanOrEqual(AT_MOST);
    expect(sizes).toHaveLength(6);
  });

  it('but a small one only at its end', async () => {
    const sizes: number[] = [];
    const { handle } = await write(Readable.from(unevenChunks(7 * MIB)), (growing) => growing.stat().then(({ size }) => void sizes.push(size)));
    await handle.close();
    expect(sizes).toEqual([]);
  });
});

it('a stream is given up when the disk fails while it comes, and not when all of it was taken', async () => {
  let taken = 0;
  const source = Readable.from(unevenChunks(50 * MIB)).on('data', (chunk: Buffer) => (taken += chunk.length));
  source.pause();
  await expect(write(source, () => Promise.reject(Object.assign(new Error('the disk failed'), { code: 'EIO' })))).rejects.toThrow('the disk failed');
  expect(taken).toBeLessThan(20 * MIB);
});
