import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { anyMoment, eventually, seededRandom, startServer, testSeed, type RunningServer } from '@vergeai/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestApi } from '../support/api.js';
import { jobWith, model, newJob, newTraining, submitUpdate } from '../support/training.js';
import { download, newPlace, submitText } from '../support/uploads.js';

/** The same limit for the soft and the hard one, or Node would raise it. */
const withFiles = (count: number) => ['bash', '-c', `ulimit -n ${count}; exec "$@"`, 'bash'];

/** Connections that ask for nothing, more than the server takes, each opened again as soon as it is closed. */
function strangers(url: string, count: number) {
  const { hostname, port } = new URL(url);
  const open = new Set<Socket>();
  const random = seededRandom(testSeed('strangers'));
  let gone = false;
  let refused = 0;
  const stranger = () => {
    const socket = connect(Number(port), hostname);
    open.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => {
      open.delete(socket);
      if (gone) return;
      refused++;
      void anyMoment(random, 20).then(() => !gone && stranger());
    });
  };
  for (let n = 0; n < count; n++) stranger();
  return {
    refused: () => refused,
    leave() {
      gone = true;
      for (const socket of open) socket.destroy();
    },
  };
}

describe('a server that may have few files open', { timeout: 120_000 }, () => {
  let server: RunningServer | undefined;
  let dataDir: string;
  beforeEach(async () => {
    dataDir = await mkdtemp(path.join(tmpdir(), 'vergeai-files-'));
  });
  afterEach(async () => {
    await server?.kill();
    server = undefined;
    await rm(dataDir, { recursive: true, force: true });
  });
  const start = async (files: number, env: Record<string, string> = {}) => {
    server = await startServer({ dataDir, env, under: withFiles(files) });
    return { url: server.url, adminKey: server.key, dataDir } as TestApi;
  };

  const saysSo = () => eventually('it says so', () => /"connections":\d{2},.*fewer connections than MAX_CONNECTIONS/.test(server!.output()));

  it('takes no more connections than it has files for, says so, and outlives a crowd of strangers with all that it acknowledged', async () => {
    const api = await start(300);
    await saysSo();
    const crowd = strangers(api.url, 400);
    await eventually('there are more strangers than it takes', () => crowd.refused() > 200);
    const kept: string[] = [];
    for (let n = 0; n < 12; n++) {
      // Who meets a full house is cut off, as at any limit; who gets in is served.
      const place = await newPlace(api).catch(() => undefined);
      const reply = place && (await submitText(api, place, `{"w":[${n}]}`).catch(() => undefined));
      if (reply) expect([204, 400, 503], reply.text).toContain(reply.status);
      if (reply?.status === 204) kept.push(JSON.stringify(place));
    }
    crowd.leave();
    const after = await eventually('there is room again', () => newPlace(api).catch(() => undefined));
    expect((await submitText(api, after, '{"w":[1]}')).status).toBe(204);
    for (const place of kept) expect((await download(api, JSON.parse(place) as typeof after)).bytes.length).toBeGreaterThan(0);
  });

  it('holds MAX_CONNECTIONS=0 to its files too', async () => {
    await start(400, { MAX_CONNECTIONS: '0' });
    await saysSo();
  });

  it('with too few for any service does not start, and says which setting to change', async () => {
    await expect(start(128)).rejects.toThrow(/This process may have only 128 files open, and needs \d+: raise it \(ulimit -n/);
  });

  it('aggregates more updates than it may have files open', async () => {
    const api = await start(250);
    const training = await newTraining(api, 130);
    const job = await newJob(api, training, { num_devices: 130 });
    for (const [n, device] of training.devices.entries()) expect((await submitUpdate(api, training, job, device, model(n))).status).toBe(204);
    await jobWith(api, training, job, 'COMPLETED');
  });
});

/** Stages a blob, takes every file that the process may have, keeps the blob, gives the files back, and keeps it once more. */
const KEEP_WITHOUT_FILES = `
import { closeSync, openSync, readdirSync, readlinkSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { FileBlobStore } from ${JSON.stringify(fileURLToPath(new URL('../../dist/storage/file-blob-store.js', import.meta.url)))};
import { systemClock } from ${JSON.stringify(fileURLToPath(new URL('../../dist/time/system-clock.js', import.meta.url)))};
const fatal = [];
const store = await FileBlobStore.open({ dir: process.argv[2], minFreeBytes: 0, clock: systemClock, onFatal: (error) => fatal.push(error.code) });
const stage = () => store.stage(Readable.from([Buffer.from('bytes')]), () => 100);
const staged = await stage();
const isOpen = (file) => readdirSync('/proc/self/fd').some((fd) => { try { return readlinkSync('/proc/self/fd/' + fd) === file; } catch { return false; } });
// The file is closed once it is on disk, and would give one back at the wrong moment.
while (isOpen(staged.path)) await stat('.');
const held = [];
try { for (;;) held.push(openSync(process.execPath)); } catch {}
const kept = await staged.keep('folder/one').then(() => 'kept', (error) => error.code);
const refused = await stage().then(() => 'staged', (error) => error.code);
held.forEach((file) => closeSync(file));
await (await stage()).keep('folder/two');
const keys = [];
for await (const { key } of store.list()) keys.push(key);
console.log(JSON.stringify({ fatal, kept, refused, keys }));
`;

it.runIf(process.platform === 'linux')('that no file can be opened to sync it is no failed disk: the upload is refused, nothing of it is kept, and the next one works', async () => {
  const dir = await mkdtemp(path.join(tmpdir(), 'vergeai-files-'));
  try {
    const [command, ...args] = [...withFiles(100), process.execPath, '--input-type=module', '-e', KEEP_WITHOUT_FILES, '--', 'x', dir];
    const { stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
    expect(stdout, stderr).not.toBe('');
    expect(JSON.parse(stdout)).toEqual({ fatal: [], kept: 'EMFILE', refused: 'busy', keys: ['folder/two'] });
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});

// The reading of the limits is Node's own; that it is the real one shows where the kernel tells it.
it.runIf(process.platform === 'linux')('knows the limit that the kernel holds it to', async () => {
  const { descriptorLimit } = await import('../../src/start/hold-to-descriptors.js');
  const limits = await readFile('/proc/self/limits', 'utf8');
  expect(String(descriptorLimit()).replace('Infinity', 'unlimited')).toBe(/^Max open files\s+(\S+)/m.exec(limits)![1]);
});
