import { startServer, type RunningServer } from '@vergeai/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { send } from '../support/api.js';
import { sendQuickly } from '../support/quick-client.js';

// What ended a server with 512 MB, made smaller: several times the heap if answers were made as a whole.
const EXPERIMENTS = 200;
const HEAP_MB = 160;
const hyperparameters = { x: 'y'.repeat(64 * 1024 - 8) };

describe('a server with a heap of 160 MB and a project of 200 experiments of 64 KiB', () => {
  let server: RunningServer;
  let project: string;
  beforeAll(async () => {
    server = await startServer({ env: { NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}` } });
    project = (await send(server, 'POST', '/v1/project/create', { key: server.key, json: { project_name: 'x' } })).body.project_id as string;
    for (let left = EXPERIMENTS; left > 0; left -= 50) {
      const made = await Promise.all(
        Array.from({ length: 50 }, () => sendQuickly(server.url, 'POST', '/v1/experiment/create', { key: server.key, json: { project_id: project, hyperparameters } })),
      );
      expect(new Set(made.map(({ status }) => status))).toEqual(new Set([200]));
    }
  });
  afterAll(() => server.stop());

  const open = () => fetch(`${server.url}/v1/project/get/${project}`, { headers: { Authorization: server.key } });

  it('shows all of it to eight at once', async () => {
    const lengths = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const response = await open();
        expect(response.status).toBe(200);
        let length = 0;
        for await (const chunk of response.body!) length += (chunk as Uint8Array).length;
        return length;
      }),
    );
    expect(new Set(lengths).size).toBe(1);
    expect(lengths[0]).toBeGreaterThan(EXPERIMENTS * 64 * 1024);
  });

  it('lives on when forty ask and do not read, and answers others', async () => {
    const unread = await Promise.allSettled(Array.from({ length: 40 }, open));
    expect((await send(server, 'GET', '/readyz')).status).toBe(200);
    await Promise.all(unread.map(async (result) => (result.status === 'fulfilled' ? result.value.body?.cancel() : undefined)));
    expect((await send(server, 'GET', '/v1/project/list', { key: server.key })).status).toBe(200);
  });
});
