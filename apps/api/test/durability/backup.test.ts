import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { anyMoment, eventually, installedPostgres, seededRandom, startPostgres, startServer, testSeed, type RunningServer } from '@vergeai/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { send, type DatabaseName, type TestApi } from '../support/api.js';
import { runBackup, startBackup } from '../support/run-backup.js';
import { jobWith, newJob, newTraining, nextJob, submitUpdate, model, type Training } from '../support/training.js';

// pg_dump wants to be as new as the server, so the server is the one that it came with.
const programs = installedPostgres();
if (!programs) console.warn('SKIPPED: no PostgreSQL with its pg_dump is installed here, so backups of PostgreSQL were not tried');
const here: DatabaseName[] = programs ? ['sqlite', 'postgresql'] : ['sqlite'];

describe.each(here)('a backup on %s', { timeout: 300_000 }, (database) => {
  let postgres: Awaited<ReturnType<typeof startPostgres>> | undefined;
  beforeAll(async () => {
    if (database === 'postgresql') postgres = await startPostgres({ programs: programs! });
  });
  afterAll(() => postgres?.stop());

  let folder: string;
  let running: RunningServer[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'vergeai-backup-'));
  });
  afterEach(async () => {
    await Promise.all(running.map((server) => server.kill()));
    running = [];
    await rm(folder, { recursive: true, force: true });
  });

  /** The settings of a server that has nothing yet. */
  async function newPlace(name: string): Promise<Record<string, string>> {
    const DATA_DIR = path.join(folder, name);
    if (!postgres) return { DATA_DIR };
    return { DATA_DIR, DATABASE_URL: await postgres.createDatabase(), DATABASE_ALLOW_UNSAFE_FSYNC: '1', PATH: `${programs}${path.delimiter}${process.env['PATH']}` };
  }
  async function start(place: Record<string, string>): Promise<TestApi> {
    const server = await startServer({ dataDir: place['DATA_DIR']!, env: place });
    running.push(server);
    return { url: server.url, adminKey: server.key } as TestApi;
  }
  const to = () => path.join(folder, 'backups');
  const wholeBackups = async () => (await readdir(to())).filter((name) => !name.endsWith('.part')).sort();
  const lastBackup = async () => path.join(to(), (await wholeBackups()).at(-1)!);
  async function backUp(place: Record<string, string>, ...args: string[]): Promise<string> {
    const ended = await runBackup('backup', ['--to', to(), ...args], place);
    expect(ended, ended.stderr).toMatchObject({ code: 0 });
    return ended.stdout;
  }
  async function restore(from: string, place: Record<string, string>): Promise<string> {
    const ended = await runBackup('restore', ['--from', from], place);
    expect(ended, ended.stderr).toMatchObject({ code: 0 });
    return ended.stdout;
  }
  const refusal = async (from: string, place: Record<string, string>): Promise<string> => {
    const ended = await runBackup('restore', ['--from', from], place);
    expect(ended.code).toBe(1);
    expect(ended.stderr).not.toMatch(/^\s+at /m);
    return ended.stderr;
  };
  async function currentModel(api: TestApi, { project, experiment }: Training): Promise<string> {
    const { body, text } = await send(api, 'GET', `/v1/experiment/current_model/${project}/${experiment}`, { key: api.adminKey });
    return body?.model_url ? (await send(api, 'GET', body.model_url as string)).text : text;
  }
  async function train(api: TestApi, training: Training, value: number): Promise<void> {
    const job = await newJob(api, training);
    await eventually('it is drawn', async () => (await nextJob(api, training, training.devices[0]!)).status === 200);
    expect((await submitUpdate(api, training, job, training.devices[0]!, model(value), { num_examples: 1 })).status).toBe(204);
    await jobWith(api, training, job, 'COMPLETED');
  }

  it('taken while the server trains has all that was acknowledged before it, and a restored server goes on from there', async () => {
    const place = await newPlace('first');
    const api = await start(place);
    const before: [Training, string][] = [];
    for (let n = 1; n <= 8; n++) {
      const training = await newTraining(api, 1, model(n));
      if (n % 2 === 0) await train(api, training, n + 100);
      before.push([training, await currentModel(api, training)]);
    }
    const stopped = new AbortController();
    const meanwhile = (async () => {
      for (let n = 0; !stopped.signal.aborted; n++) await train(api, await newTraining(api, 1), n);
    })();
    const said = await backUp(place);
    stopped.abort();
    await meanwhile;
    expect(said).toMatch(/has [\d,]+ models of [\d.,]+ MB/);
    await running[0]!.kill();
    const second = await newPlace('second');
    expect(await restore(await lastBackup(), second)).toMatch(/^Restored as of .* all as they were stored\. Start the server\.$/m);
    const restored = await start(second);
    for (const [training, bytes] of before) expect(await currentModel(restored, training)).toBe(bytes);
    const [training] = before[0]!;
    await train(restored, training, 7);
    expect(JSON.parse(await currentModel(restored, training))).toEqual(model(7));
    expect((await stat(await lastBackup())).mode & 0o777).toBe(0o700);
  });

  it('copies only what the last one there does not have, and --keep leaves so many', async () => {
    const place = await newPlace('first');
    const api = await start(place);
    const first = await newTraining(api, 1, model(1));
    await backUp(place);
    const old = await lastBackup();
    const second = await newTraining(api, 1, { w: Array.from({ length: 50_000 }, () => 1.5) });
    expect(await backUp(place)).toMatch(/has 2 models of 0\.2 MB, of which 0\.2 MB were copied/);
    expect(await backUp(place, '--keep', '2')).toMatch(/has 2 models of 0\.2 MB, of which 0 MB were copied\.\nRemoved /);
    expect(await wholeBackups()).toHaveLength(2);
    await expect(stat(old)).rejects.toThrow('ENOENT');
    const place2 = await newPlace('second');
    await restore(await lastBackup(), place2);
    const restored = await start(place2);
    expect(await currentModel(restored, first)).toBe(await currentModel(api, first));
    expect(await currentModel(restored, second)).toBe(await currentModel(api, second));
  });

  it('killed at any moment leaves the earlier ones and nothing that passes for one, and the next run clears up after it', async () => {
    const random = seededRandom(testSeed('kills of backups'));
    const place = await newPlace('first');
    const api = await start(place);
    await newTraining(api, 1);
    const started = performance.now();
    await backUp(place);
    const took = performance.now() - started;
    const good = await wholeBackups();
    for (let kill = 0; kill < 6; kill++) {
      await newTraining(api, 1, model(kill));
      const process = startBackup('backup', ['--to', to()], place);
      const ended = once(process, 'exit');
      await anyMoment(random, took);
      process.kill('SIGKILL');
      await ended;
      for (const name of await wholeBackups()) expect(JSON.parse(await readFile(path.join(to(), name, 'backup.json'), 'utf8'))).toMatchObject({ version: 1 });
      expect(await wholeBackups()).toEqual(expect.arrayContaining(good));
    }
    await backUp(place);
    expect((await readdir(to())).filter((name) => name.endsWith('.part'))).toEqual([]);
    await restore(await lastBackup(), await newPlace('second'));
  });

  it('with a byte changed in a model is refused, which is named, before there is a database', async () => {
    const place = await newPlace('first');
    await newTraining(await start(place), 1);
    await backUp(place);
    const backup = await lastBackup();
    const { key } = JSON.parse((await readFile(path.join(backup, 'blobs.jsonl'), 'utf8')).split('\n')[0]!) as { key: string };
    const file = path.join(backup, 'blobs', key);
    const bytes = await readFile(file);
    bytes[3]! ^= 1;
    await writeFile(file, bytes);
    const second = await newPlace('second');
    expect(await refusal(backup, second)).toContain(`\nThe backup's blob ${key} is damaged. Nothing was put into the database; restore another backup.\n`);
    // What failed may be done again.
    bytes[3]! ^= 1;
    await writeFile(file, bytes);
    await restore(backup, second);
  });

  it('is restored over nothing that is there, without no secret, and only where it is one', async () => {
    const place = await newPlace('first');
    await newTraining(await start(place), 1);
    await backUp(place);
    const backup = await lastBackup();
    expect(await refusal(backup, place)).toMatch(database === 'sqlite' ? /Another server is using the data folder/ : /Another server is using|has tables of a server already/);
    await running[0]!.stop();
    expect(await refusal(backup, place)).toMatch(/There is a database already|has tables of a server already/);
    const second = await newPlace('second');
    await mkdir(second['DATA_DIR']!);
    await writeFile(path.join(second['DATA_DIR']!, 'secret-key'), `${'f'.repeat(64)}\n`);
    expect(await refusal(backup, second)).toMatch(/^There is another secret already/);
    await rm(path.join(backup, 'secret-key'));
    expect(await refusal(backup, await newPlace('third'))).toMatch(/^The backup has no secret, as SECRET_KEY was set/);
    expect(await refusal(to(), await newPlace('fourth'))).toMatch(/is not a backup that can be read/);
  });
});

describe('the programs of backups', { timeout: 60_000 }, () => {
  it.each(['backup', 'restore', 'copy-models'] as const)('%s says how it is used, with 0 when it was asked and 2 when it was told too little or too much', async (name) => {
    const help = await runBackup(name, ['--help'], {});
    expect([help.code, help.stdout]).toEqual([0, expect.stringContaining(`npm run ${name} --`)]);
    for (const args of [[], ['--nonsense']]) {
      const ended = await runBackup(name, args, {});
      expect([ended.code, ended.stderr]).toEqual([2, expect.stringContaining(`npm run ${name} --`)]);
    }
  });

  it('a backup of what is not there is refused with a sentence, and leaves nothing that passes for one', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'vergeai-backup-'));
    try {
      const ended = await runBackup('backup', ['--to', path.join(folder, 'to')], { DATA_DIR: path.join(folder, 'none') });
      expect([ended.code, ended.stderr]).toEqual([1, expect.stringMatching(/^There is no database .*\. Give the settings that the server has/)]);
      expect((await readdir(path.join(folder, 'to'))).filter((name) => !name.endsWith('.part'))).toEqual([]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
