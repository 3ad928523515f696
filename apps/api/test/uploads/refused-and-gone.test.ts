import { eventually } from '@vergeai/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { send, startApi, type TestApi } from '../support/api.js';
import { testClock } from '../support/clock.js';
import { askTicket, expectProblem, newPlace, putUrl } from '../support/uploads.js';
import { answerIn, answers, dial } from '../support/wire.js';

const PIECE = `7d0\r\n${'0,'.repeat(1000)}\r\n`;

describe('a client that goes on sending after it was refused', () => {
  let api: TestApi;
  const clock = testClock();
  beforeAll(async () => {
    api = await startApi('sqlite', { MAX_JSON_MODEL_BYTES: '100000' }, { clock });
  });
  afterAll(() => api.close());

  it.each([
    ['a model that is too large', 413, 'model_too_large', (url: string) => url],
    ['a ticket that nobody made', 403, 'ticket_invalid', (url: string) => `${url}x`],
  ])('reads why, is cut off two seconds later, and takes nobody down with it: %s', async (_what, status, code, change) => {
    const { pathname, search } = new URL(change(putUrl(await askTicket(api, await newPlace(api)))));
    const wire = await dial(api.url);
    let isCutOff = false;
    void wire.closed.then(() => (isCutOff = true));
    const write = (text: string) => new Promise<void>((resolve) => wire.socket.write(text, () => setImmediate(resolve)));
    const isListenedTo = async () => {
      for (let piece = 0; piece < 10; piece++) await write(PIECE);
      await send(api, 'GET', '/livez');
      return !isCutOff;
    };
    await write(`PUT ${pathname}${search} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n{"w":[\r\n`);
    while (answers(wire.text()).length === 0) await write(PIECE);
    await eventually('the answer is whole', () => wire.text().endsWith('}'));
    expectProblem(answerIn(wire.text()), status, code);
    expect(await isListenedTo()).toBe(true);
    await clock.advance(1_999);
    expect(await isListenedTo()).toBe(true);
    await clock.advance(1);
    while (!isCutOff) await write(PIECE);
    expect((await send(api, 'GET', '/livez')).status).toBe(200);
  });
});
