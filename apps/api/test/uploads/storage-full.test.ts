import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createDatabase, startServer } from '@vergeai/testkit';
import { describe, expect, inject, it } from 'vitest';
import { databases, newExperiment, newProject, send, type TestApi } from '../support/api.js';
import { smallSafetensors } from '../support/models.js';
import { askTicket, download, expectProblem, getExperiment, newPlace, nothingStaged, postForm, putRaw, submitText } from '../support/uploads.js';

describe.each(databases)('a server whose disk is nearly full, on %s', (database) => {
  it('refuses uploads with 507 storage_full before their bytes arrive, and still serves what it has', { timeout: 120_000 }, async () => {
    const dataDir = await mkdtemp(path.join(tmpdir(), 'vergeai-full-'));
    const env = { ...(database === 'postgresql' && { DATABASE_URL: await createDatabase(inject('postgresUrl')), DATABASE_ALLOW_UNSAFE_FSYNC: '1' }) };
    const start = async (more: Record<string, string> = {}) => {
      const server = await startServer({ dataDir, env: { ...env, ...more } });
      return { server, api: { url: server.url, adminKey: server.key, dataDir } as TestApi };
    };
    try {
      const roomy = await start();
      const place = await newPlace(roomy.api);
      expect((await putRaw(await askTicket(roomy.api, place), smallSafetensors())).status).toBe(204);
      await roomy.server.stop();

      const { server, api } = await start({ MIN_FREE_BYTES: String(Number.MAX_SAFE_INTEGER) });
      try {
        const project = await newProject(api);
        const empty = { project, experiment: await newExperiment(api, project) };
        const large = Buffer.alloc(8 * 1024 * 1024);
        expectProblem(await submitText(api, empty, '{"w":[1]}'), 507, 'storage_full');
        expectProblem(await postForm(await askTicket(api, empty), large), 507, 'storage_full');
        expectProblem(await putRaw(await askTicket(api, empty), large), 507, 'storage_full');
        expect(await getExperiment(api, empty)).toMatchObject({ start_model: {} });
        await nothingStaged(api);

        expect((await download(api, place)).bytes.equals(smallSafetensors())).toBe(true);
        expect((await send(api, 'GET', '/readyz')).status).toBe(200);
      } finally {
        await server.stop();
      }
    } finally {
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});
