import { startServer, type RunningServer } from '@vergeai/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inOwnTurn } from '../../src/http/body/own-turn.js';
import { send } from '../support/api.js';
import { dial } from '../support/wire.js';

/** Takes twenty times as much once it is parsed. */
const sparse = `{"x":[${'{},'.repeat(21_000)}{}]}`;

describe('a server with a heap of 160 MB', () => {
  let server: RunningServer;
  let project: string;
  beforeAll(async () => {
    server = await startServer({ env: { NODE_OPTIONS: '--max-old-space-size=160' } });
    project = (await send(server, 'POST', '/v1/project/create', { key: server.key, json: { project_name: 'x' } })).body.project_id as string;
  });
  afterAll(() => server.stop());

  it('takes three hundred bodies at their limit at once, or says that it is busy', async () => {
    const body = `{"project_id":"${project}","hyperparameters":${sparse}}`;
    const replies = await Promise.all(
      Array.from({ length: 300 }, async () =>
        send(server, 'POST', '/v1/experiment/create', { key: server.key, body, headers: { 'Content-Type': 'application/json' } })),
    );
    for (const { status, headers } of replies) {
      expect([200, 503]).toContain(status);
      if (status === 503) expect(headers.get('retry-after')).toBe('1');
    }
    expect(replies.filter(({ status }) => status === 200).length).toBeGreaterThan(50);
    expect((await send(server, 'GET', '/readyz')).status).toBe(200);
  });

  it('answers others while one caller has begun as many bodies as it may', async () => {
    const other = (await send(server, 'POST', '/v1/user/create', { key: server.key, json: {} })).body.key as string;
    const wires = await Promise.all(
      Array.from({ length: 60 }, async () => {
        const wire = await dial(server.url);
        wire.socket.write(`POST /v1/experiment/create HTTP/1.1\r\nHost: x\r\nAuthorization: ${other}\r\nContent-Type: application/json\r\nContent-Length: 262144\r\n\r\n{`);
        return wire;
      }),
    );
    const { status } = await send(server, 'POST', '/v1/experiment/create', { key: server.key, json: { project_id: project, hyperparameters: { x: 'y'.repeat(60_000) } } });
    expect(status).toBe(200);
    for (const { socket } of wires) socket.destroy();
  });
});

it('takes one large body in a turn of the event loop, in which Node accepts one connection', async () => {
  let turn = 0;
  let counting = true;
  const count = () => {
    turn++;
    if (counting) setImmediate(count);
  };
  setImmediate(count);
  const turns = await Promise.all(Array.from({ length: 20 }, () => new Promise<void>(inOwnTurn).then(() => turn)));
  counting = false;
  expect(new Set(turns).size).toBe(20);
  expect(turns).toEqual(turns.toSorted((a, b) => a - b));
});
