import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../..', import.meta.url));

let folder: string;
let unpacked: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'verge-packed-'));
  const { stdout } = await run(path.join(root, 'node_modules/.bin/pnpm'), ['pack', '--pack-destination', folder], { cwd: path.join(root, 'apps/cli') });
  await run('tar', ['-xzf', path.resolve(folder, stdout.trim().split('\n').at(-1)!), '-C', folder]);
  unpacked = path.join(folder, 'package');
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

// npm test sets it: one of the oldest versions that are promised.
const node20 = process.env['VERGE_NODE_20'];
const nodes = [[`Node ${process.versions.node}`, process.execPath] as const, ...(node20 === undefined ? [] : [['Node 20', node20] as const])];

describe('the packed tarball', () => {
  it('needs nothing but itself, and has nothing that is not needed', async () => {
    expect((await readdir(unpacked)).toSorted()).toEqual(['LICENSE', 'README.md', 'dist', 'package.json']);
    const manifest = JSON.parse(await readFile(path.join(unpacked, 'package.json'), 'utf8')) as { dependencies?: object; bin: object };
    expect(manifest.dependencies).toBeUndefined();
    expect(manifest.bin).toEqual({ verge: 'dist/main.js' });
  });

  it.each(nodes)('runs on %s, from a folder of its own', async (_, node) => {
    const env = { HOME: folder, VERGEAI_BASE_URL: inject('url'), VERGEAI_API_KEY: inject('key') };
    const { stdout, stderr } = await run(node, [path.join(unpacked, 'dist/main.js'), 'version', '--json'], { env, cwd: folder });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({ cli: '0.1.0', server: expect.stringMatching(/^\d/) });
    expect((await run(node, [path.join(unpacked, 'dist/main.js'), 'help', '--json'], { env, cwd: folder })).stdout).toContain('"path":"experiment create"');
  });
});
