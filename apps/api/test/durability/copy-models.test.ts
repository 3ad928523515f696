import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { anyMoment, createDatabase, eventually, seededRandom, startServer, testSeed, type RunningServer } from '@vergeai/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { databases, type TestApi } from '../support/api.js';
import { runBackup, startBackup } from '../support/run-backup.js';
import { startS3 } from '../support/s3.js';
import { downloadBytes, newTrainingOf, type Training } from '../support/training.js';
import { blobsOf } from '../support/uploads.js';

/** Large enough that one goes to the store in parts. */
const SIZES = [1, 1000, 700_000];
const modelOf = (numbers: number, value: number) => JSON.stringify({ w: Array.from({ length: numbers }, (_, at) => value + at / 8) });

describe.each(databases)('copying models to another storage, of a server on %s', { timeout: 240_000 }, (database) => {
  let s3: Awaited<ReturnType<typeof startS3>>;
  beforeAll(async () => {
    s3 = await startS3();
  });
  afterAll(() => s3.stop());

  let folder: string;
  let settings: Record<string, string>;
  let running: RunningServer | undefined;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'vergeai-copy-'));
    settings = { DATA_DIR: path.join(folder, 'data') };
    if (database === 'postgresql') settings = { ...settings, DATABASE_URL: await createDatabase(inject('postgresUrl')), DATABASE_ALLOW_UNSAFE_FSYNC: '1' };
  });
  afterEach(async () => {
    await running?.kill();
    running = undefined;
    await rm(folder, { recursive: true, force: true });
  });

  async function start(storage: Record<string, string> = {}): Promise<TestApi> {
    running = await startServer({ dataDir: settings['DATA_DIR']!, env: { ...settings, ...storage } });
    return { url: running.url, adminKey: running.key, dataDir: settings['DATA_DIR'] } as TestApi;
  }
  async function stop(): Promise<void> {
    await running?.stop();
    running = undefined;
  }
  /** The settings and the flags that mean the bucket. */
  const onS3 = () => s3.env;
  const toS3 = () => ['--to', s3.env['STORAGE_URL']!, '--endpoint', s3.env['S3_ENDPOINT']!, '--path-style'];
  const AWS = () => ({ AWS_ACCESS_KEY_ID: s3.env['AWS_ACCESS_KEY_ID']!, AWS_SECRET_ACCESS_KEY: s3.env['AWS_SECRET_ACCESS_KEY']! });
  async function copy(args: readonly string[], storage: Record<string, string> = AWS()): Promise<string> {
    const ended = await runBackup('copy-models', args, { ...settings, ...storage });
    expect(ended, ended.stderr).toMatchObject({ code: 0 });
    return ended.stdout;
  }
  const startModel = async (api: TestApi, { project, experiment }: Training) =>
    (await downloadBytes(api, `/v1/experiment/start_model/${project}/${experiment}`)).toString();
  async function train(api: TestApi, value: number): Promise<[Training, string][]> {
    const trained: [Training, string][] = [];
    for (const numbers of SIZES) trained.push([await newTrainingOf(api, 0, modelOf(numbers, value)), modelOf(numbers, value)]);
    return trained;
  }

  it('from a folder to S3 while it runs, what came meanwhile after it, and back: byte for byte, and nothing twice', async () => {
    let api = await start();
    const first = await train(api, 1);
    expect(await copy(toS3())).toMatch(/ has 3 models of [\d.]+ MB, of which [1-9][\d.]* MB were copied now\./);
    const second = await train(api, 2);
    await stop();
    expect(await copy(toS3())).toMatch(/ has 6 models /);
    expect(await copy(toS3())).toMatch(/ has 6 models of [\d.]+ MB, of which 0 MB were copied now\./);

    await rm(path.join(folder, 'data/blobs'), { recursive: true });
    api = await start(onS3());
    for (const [training, text] of [...first, ...second]) expect(await startModel(api, training)).toBe(text);
    const third = await train(api, 3);
    await stop();

    const back = `file:${path.join(folder, 'elsewhere')}`;
    expect(await copy(['--to', back], onS3())).toMatch(/ has 9 models /);
    api = await start({ STORAGE_URL: back });
    for (const [training, text] of [...first, ...second, ...third]) expect(await startModel(api, training)).toBe(text);
  });

  it('goes on where it was killed', async () => {
    const random = seededRandom(testSeed(`kills of a copy of ${database}`));
    let api = await start();
    const trained = [...(await train(api, 4)), ...(await train(api, 5))];
    const to = ['--to', `file:${path.join(folder, 'elsewhere')}`];
    const files = async () => (await readdir(path.join(folder, 'elsewhere'), { recursive: true }).catch(() => [])).length;
    for (let round = 0; round < 4; round++) {
      const before = await files();
      const copying = startBackup('copy-models', to, settings);
      const ended = once(copying, 'exit');
      await eventually('it writes, or has nothing left to do', async () => (await files()) > before || copying.exitCode !== null);
      await anyMoment(random, 60);
      copying.kill('SIGKILL');
      await ended;
    }
    await stop();
    await copy(to);
    await rm(path.join(folder, 'data/blobs'), { recursive: true });
    expect((await readdir(path.join(folder, 'data'))).filter((name) => /copy/.test(name))).toEqual([]);
    api = await start({ STORAGE_URL: `file:${path.join(folder, 'elsewhere')}` });
    for (const [training, text] of trained) expect(await startModel(api, training)).toBe(text);
  });

  it('--check finds bytes that are not those that were stored, and puts them right', async () => {
    const api = await start();
    const [[training]] = (await train(api, 6)) as [[Training, string]];
    const elsewhere = path.join(folder, 'elsewhere');
    await copy(['--to', `file:${elsewhere}`]);
    const [name] = (await blobsOf(api, training.project)) as [string];
    await writeFile(path.join(elsewhere, 'models', training.project, name), '{"w":[7]}');
    expect(await copy(['--to', `file:${elsewhere}`])).toMatch(/of which 0 MB were copied now/);
    await copy(['--to', `file:${elsewhere}`, '--check']);
    expect(await readFile(path.join(elsewhere, 'models', training.project, name), 'utf8')).toBe(modelOf(1, 6));
  });

  it('says which models the server has lost, copies the others, and ends with 1', async () => {
    const api = await start();
    const [[gone], [changed]] = (await train(api, 8)) as [[Training, string], [Training, string]];
    const fileOf = async ({ project }: Training) => path.join(folder, 'data/blobs/models', project, (await blobsOf(api, project))[0]!);
    await rm(await fileOf(gone));
    await writeFile(await fileOf(changed), '{"w":[9]}');
    const ended = await runBackup('copy-models', ['--to', `file:${path.join(folder, 'elsewhere')}`], settings);
    expect([ended.code, ended.stdout]).toEqual([1, expect.stringMatching(/ has 1 model of /)]);
    expect(ended.stderr).toContain(`${gone.project}/`);
    expect(ended.stderr).toMatch(/: its bytes are not there\n/);
    expect(ended.stderr).toMatch(/: its bytes are not those that were stored\n/);
  });

  it('refuses the storage that the server has already, and settings of no server', async () => {
    await start();
    const same = await runBackup('copy-models', ['--to', `file:${path.join(folder, 'data/blobs')}`], settings);
    expect([same.code, same.stderr]).toEqual([1, expect.stringMatching(/^The models are there already/)]);
    const nowhere = await runBackup('copy-models', ['--to', `file:${path.join(folder, 'elsewhere')}`], { ...settings, DATA_DIR: path.join(folder, 'nowhere') });
    expect([nowhere.code, nowhere.stderr]).toEqual([1, expect.stringMatching(/^There is no folder .*nowhere\. Give the settings that the server has/)]);
  });
});
