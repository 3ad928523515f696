import { setTimeout as pause } from 'node:timers/promises';
import { startServer } from '@vergeai/testkit';
import { describe, expect, it } from 'vitest';
import { send, type TestApi } from '../support/api.js';
import { askTicket, expectProblem, newPlace, openRequest, putUrl } from '../support/uploads.js';

// A server of its own process: what is to be seen is that it lives on.
describe('a client that goes on sending after it was refused', () => {
  it.each([
    ['a model that is too large', 413, 'model_too_large', (url: string) => url],
    ['a ticket that nobody made', 403, 'ticket_invalid', (url: string) => `${url}x`],
  ])('reads why, is cut off within seconds, and takes nobody down with it: %s', { timeout: 120_000 }, async (_what, status, code, change) => {
    const server = await startServer({ env: { MAX_JSON_MODEL_BYTES: '100000' } });
    try {
      const api = { url: server.url, adminKey: server.key } as TestApi;
      const { req, reply } = openRequest(change(putUrl(await askTicket(api, await newPlace(api)))), 'PUT', { 'Content-Type': 'application/json' });
      let closed = false;
      req.once('close', () => (closed = true));
      req.write('{"w":[');
      let sent = 0;
      while (!closed && sent++ < 6000) {
        req.write('0,'.repeat(1000));
        await pause(1);
      }
      expectProblem(await reply, status, code);
      expect(closed).toBe(true);
      // The timer that cuts such clients off has run by now at the latest.
      await Promise.race([pause(2500), server.exited]);
      expect((await send(api, 'GET', '/livez')).status).toBe(200);
    } finally {
      await server.stop();
    }
  });
});
