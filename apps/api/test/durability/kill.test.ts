import { readFile, mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openDatabase } from '@vergeai/db';
import { anyMoment, createDatabase, eventually, seededRandom, startServer, testSeed, type RunningServer } from '@vergeai/testkit';
import { describe, expect, inject, it } from 'vitest';
import { readConfig } from '../../src/config.js';
import { createLog } from '../../src/start/log.js';
import { openContext } from '../../src/start/open-context.js';
import { systemClock } from '../../src/time/system-clock.js';
import { cleanUp } from '../../src/upkeep/clean-up.js';
import { databases, newProject, send, type TestApi } from '../support/api.js';
import { sha256 } from '../support/models.js';
import { askTicket, download, getExperiment, postForm, putRaw, stagedFiles, submitText, type Place } from '../support/uploads.js';

const KILLS = 6;
const WORKERS = 8;
const ENOUGH = 100;
const ENOUGH_ACKNOWLEDGED = 20;

/** What was asked of the server about one experiment, and what it said. */
interface Story extends Place {
  readonly text: string;
  /** `unknown`: the connection broke before the answer; either outcome is right, if it is whole. */
  upload: 'none' | 'unknown' | 'acknowledged';
}

/** Whether the model may be there, by what was heard of its upload. */
const outcomes = { none: [false], unknown: [false, true], acknowledged: [true] };

describe.each(databases)('a server on %s that is killed with -9 during uploads and creates', (database) => {
  it('has all that it acknowledged, byte for byte, and nothing by halves', { timeout: 900_000 }, async () => {
    const random = seededRandom(testSeed(`kills during uploads on ${database}`));
    const dataDir = await mkdtemp(path.join(tmpdir(), 'vergeai-kill-'));
    const env: Record<string, string> =
      database === 'postgresql' ? { DATABASE_URL: await createDatabase(inject('postgresUrl')), DATABASE_ALLOW_UNSAFE_FSYNC: '1' } : {};
    const stories: Story[] = [];
    let attempts = 0;
    let slowestStart = 0;
    let server: RunningServer | undefined;

    const start = async () => {
      const startedAt = performance.now();
      server = await startServer({ dataDir, env });
      slowestStart = Math.max(slowestStart, performance.now() - startedAt);
      return { url: server.url, adminKey: server.key, dataDir } as TestApi;
    };

    /** Creates and uploads without end, until the connection breaks. */
    async function work(api: TestApi, project: string, hasStopped: () => boolean): Promise<void> {
      while (!hasStopped()) {
        attempts++;
        const created = await send(api, 'POST', '/v1/experiment/create', { key: api.adminKey, json: { project_id: project } });
        expect(created.status, created.text).toBe(200);
        const numbers = Math.floor(10 ** (1 + random() * 4.3));
        const story: Story = { project, experiment: created.body.ID, text: `{"w":[${attempts}${',0'.repeat(numbers)}]}`, upload: 'none' };
        stories.push(story);
        const way = Math.floor(random() * 3);
        const ticket = way === 0 ? undefined : await askTicket(api, story);
        story.upload = 'unknown';
        const reply = await (ticket ? (way === 1 ? putRaw : postForm)(ticket, story.text) : submitText(api, story, story.text));
        expect(reply.status, reply.text).toBe(204);
        story.upload = 'acknowledged';
      }
    }

    async function check(api: TestApi, some: readonly Story[]): Promise<void> {
      expect(await stagedFiles(dataDir)).toEqual([]);
      for (const story of some) {
        const { start_model, current_model, ID } = await getExperiment(api, story);
        expect(ID).toBe(story.experiment);
        expect(current_model).toEqual(start_model);
        const isThere = 'size' in start_model;
        expect(outcomes[story.upload], `${story.experiment} with ${story.upload}`).toContain(isThere);
        if (!isThere) continue;
        expect(start_model.size).toBe(String(story.text.length));
        expect(sha256((await download(api, story)).bytes)).toBe(sha256(story.text));
      }
    }

    try {
      let api = await start();
      const project = await newProject(api);
      const acknowledged = () => stories.filter(({ upload }) => upload === 'acknowledged').length;
      for (let kill = 0; kill < KILLS || attempts < ENOUGH || acknowledged() <= ENOUGH_ACKNOWLEDGED; kill++) {
        let stopped = false;
        const earlier = stories.length;
        const until = attempts + 4 + Math.floor(random() * 30);
        const running = Array.from({ length: WORKERS }, () =>
          work(api, project, () => stopped).catch((error: unknown) => {
            // Only a broken connection is a reason to end; fetch tells of it by a TypeError.
            if (!(error instanceof TypeError)) throw error;
          }),
        );
        await eventually('enough was tried', () => attempts >= until, 120_000);
        await anyMoment(random, 60);
        stopped = true;
        await server!.kill();
        await Promise.all(running);
        api = await start();
        await check(api, stories.slice(earlier));
      }
      await check(api, stories);
      const unknown = stories.filter(({ upload }) => upload === 'unknown').length;
      console.log(`${attempts} attempts, ${acknowledged()} uploads acknowledged, ${unknown} cut off; slowest start ${Math.round(slowestStart)} ms`);
      expect(slowestStart).toBeLessThan(60_000);
      await server!.stop();
      await expectSound(dataDir, env);
    } finally {
      await server?.stop();
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});

/** Every row has its blob, whole; after a clean-up every blob has its row; the database finds nothing wrong with itself. */
async function expectSound(dataDir: string, env: Record<string, string>): Promise<void> {
  const config = readConfig({ DATA_DIR: dataDir, LOG_LEVEL: 'error', DATABASE_ALLOW_UNSAFE_FSYNC: '1', ...env });
  const { ctx, close } = await openContext(config, createLog(config), systemClock, (error) => {
    throw error;
  });
  try {
    // What is counted for a project is what it keeps, to the byte.
    for (const { id, storedBytes } of await ctx.db.prisma.project.findMany()) {
      const { _sum } = await ctx.db.prisma.storedModel.aggregate({ where: { projectId: id }, _sum: { size: true } });
      expect(storedBytes).toBe(_sum.size ?? 0n);
    }
    const folder = path.join(dataDir, 'blobs', 'models');
    const rows = await ctx.db.prisma.storedModel.findMany({ include: { layout: true } });
    for (const { blobKey, size, sha256: digest, layout } of rows) {
      const bytes = await readFile(path.join(folder, blobKey));
      expect([BigInt(bytes.length), sha256(bytes)]).toEqual([size, digest]);
      expect(layout).not.toBeNull();
    }
    const files = async () => (await Promise.all((await readdir(folder)).map(async (name) => (await readdir(path.join(folder, name))).map((file) => `${name}/${file}`)))).flat();
    const longAgo = new Date(Date.now() - 2 * 60 * 60 * 1000);
    for (const file of await files()) await utimes(path.join(folder, file), longAgo, longAgo);
    await cleanUp(ctx);
    expect((await files()).sort()).toEqual(rows.map(({ blobKey }) => blobKey).sort());
  } finally {
    await close();
  }
  if (env['DATABASE_URL']) return;
  const db = await openDatabase({ url: config.database.url });
  try {
    expect(await db.prisma.$queryRawUnsafe('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    expect(await db.prisma.$queryRawUnsafe('PRAGMA foreign_key_check')).toEqual([]);
  } finally {
    await db.close();
  }
}
