import { execFile } from 'node:child_process';
import { rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { startServer } from '@vergeai/testkit';
import { VergeAI } from '../src/index.js';

const MIB = 1024 * 1024;
const SIZE = 300 * MIB;
const child = fileURLToPath(new URL('./large-stream.child.mjs', import.meta.url));

it('a model of 300 MiB goes up as a stream and down to a file without being held in memory', { timeout: 240_000 }, async () => {
  const server = await startServer();
  try {
    const { Project, Experiment } = new VergeAI({ apiKey: server.key, baseUrl: server.url });
    const { project_id } = (await Project.create({ project_name: 'Large' })).body;
    const experiment_id = (await Experiment.create({ project_id })).body.ID;
    const file = path.join(server.dataDir, 'fetched');
    const run = promisify(execFile)(process.execPath, ['--max-old-space-size=64', child, server.url, server.key, project_id, experiment_id, String(SIZE), file]);
    const peak = Number((await run).stdout);
    expect((await stat(file)).size).toBeGreaterThan(SIZE);
    expect(peak / MIB).toBeLessThan(220);
    await rm(file);
  } finally {
    await server.stop();
  }
});
