import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { anyMoment, eventually, seededRandom, testSeed } from '@vergeai/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DurableFolders } from '../../src/storage/durable-folders.js';

describe('a file that is moved into a folder', () => {
  let root: string;
  let drafts: string;
  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'vergeai-folders-'));
    drafts = await mkdtemp(path.join(tmpdir(), 'vergeai-drafts-'));
  });
  afterEach(() => Promise.all([root, drafts].map((folder) => rm(folder, { recursive: true, force: true }))));

  /** A disk that keeps the names that were there when it was asked to, once it has taken its time. */
  function disk(random: () => number) {
    const kept = new Map<string, Set<string>>();
    let syncs = 0;
    const sync = async (folder: string) => {
      syncs++;
      const names = await readdir(folder);
      await anyMoment(random, 4);
      kept.set(folder, new Set([...(kept.get(folder) ?? []), ...names]));
    };
    return { sync, syncs: () => syncs, has: (target: string) => kept.get(path.dirname(target))?.has(path.basename(target)) ?? false };
  }

  async function moveIn(folders: DurableFolders, target: string) {
    const draft = path.join(drafts, path.basename(target));
    await writeFile(draft, '');
    await folders.moveIn(draft, target);
  }

  it('has its name and that of its folder on disk by then, while many share the waits for it', async () => {
    const random = seededRandom(testSeed('files moved into folders'));
    const { sync, syncs, has } = disk(random);
    const folders = new DurableFolders(root, sync);
    const files = Array.from({ length: 300 }, (_, at) => path.join(root, `folder-${at % 3}`, String(at)));
    await Promise.all(
      files.map(async (target) => {
        await anyMoment(random, 60);
        await moveIn(folders, target);
        expect([target, has(target), has(path.dirname(target))]).toEqual([target, true, true]);
      }),
    );
    expect(syncs()).toBeLessThan(files.length);
  });

  it('does not share a wait that may have begun before it was there, but the next one', async () => {
    const asked: Array<{ readonly names: string[]; readonly answer: () => void }> = [];
    let isSlow = false;
    const folders = new DurableFolders(root, async (folder) => {
      const names = await readdir(folder);
      if (isSlow) await new Promise<void>((answer) => asked.push({ names, answer }));
    });
    const folder = path.join(root, 'folder');
    await moveIn(folders, path.join(folder, 'first'));
    isSlow = true;
    const early = moveIn(folders, path.join(folder, 'early'));
    await eventually('the disk is asked', () => asked.length === 1);
    const late = ['a', 'b', 'c'].map((name) => moveIn(folders, path.join(folder, name)));
    await eventually('the late ones are there', async () => (await readdir(folder)).length === 5);
    asked[0]!.answer();
    await early;
    await eventually('the disk is asked again', () => asked.length === 2);
    expect(asked[1]!.names.toSorted()).toEqual(['a', 'b', 'c', 'early', 'first']);
    asked[1]!.answer();
    await Promise.all(late);
    expect(asked).toHaveLength(2);
  });

  it('is not said to be there when the disk fails, and the next one is asked for anew', async () => {
    let fails = true;
    const folders = new DurableFolders(root, () => (fails ? Promise.reject(new Error('the disk failed')) : Promise.resolve()));
    const targets = ['a', 'b', 'c'].map((name) => path.join(root, 'folder', name));
    const outcomes = await Promise.allSettled(targets.map((target) => moveIn(folders, target)));
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    fails = false;
    await moveIn(folders, path.join(root, 'folder', 'd'));
    expect(await readdir(path.join(root, 'folder'))).toContain('d');
  });
});
