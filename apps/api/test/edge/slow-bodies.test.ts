import { eventually } from '@vergeai/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { send, startApi, type TestApi } from '../support/api.js';
import { testClock } from '../support/clock.js';
import { answerIn, answers, dial, type Wire } from '../support/wire.js';

const PER_WINDOW = 200 * 7;

describe('a request body', () => {
  let api: TestApi;
  const clock = testClock();
  beforeAll(async () => {
    api = await startApi('sqlite', { MIN_UPLOAD_BYTES_PER_SEC: '200', MIN_UPLOAD_WINDOW_SEC: '7' }, { clock });
  });
  afterAll(() => api.close());

  const begin = async (lines: readonly string[]): Promise<Wire> => {
    const wire = await dial(api.url);
    wire.socket.write([...lines, '', ''].join('\r\n'));
    return wire;
  };

  /** A window in which these bytes of the body arrive. */
  async function pass({ socket }: Wire, bytes: string): Promise<void> {
    await eventually('a window has begun', () => clock.waits().includes(7_000));
    await new Promise((resolve) => socket.write(bytes, resolve));
    // Whoever asks later is answered later: by then the server has read them.
    await send(api, 'GET', '/livez');
    await clock.advance(7_000);
  }

  const trickle = async (lines: readonly string[], bytes = ' '.repeat(PER_WINDOW - 1)) => {
    const wire = await begin(lines);
    await pass(wire, bytes);
    await wire.closed;
    return wire.text();
  };

  const json = () => ['Host: x', `Authorization: ${api.adminKey}`, 'Content-Type: application/json'];
  const create = () => ['POST /v1/project/create HTTP/1.1', ...json()];

  describe('slower than MIN_UPLOAD_BYTES_PER_SEC ends its connection', () => {
    it.each<[string, () => string[], string?]>([
      ['for JSON', () => [...create(), 'Content-Length: 100000']],
      ['for JSON in chunks', () => [...create(), 'Transfer-Encoding: chunked'], '1\r\n \r\n'.repeat(PER_WINDOW / 6 - 1)],
      ['for a model inline', () => ['POST /v1/experiment/submit_start_model HTTP/1.1', ...json(), 'Content-Length: 100000']],
      ['for a model in a form', () => ['POST /v1/upload HTTP/1.1', 'Host: x', 'Content-Type: multipart/form-data; boundary=x', 'Content-Length: 100000']],
    ])('%s', async (_what, lines, bytes) => {
      expect(answers(await trickle(lines(), bytes))).toEqual([]);
    });

    it.each(['GET /livez', 'GET /openapi.json', 'GET /v1/project/list', 'DELETE /nowhere'])('after the answer to %s, which reads no body', async (line) => {
      const text = await trickle([`${line} HTTP/1.1`, 'Host: x', 'Content-Length: 100000']);
      expect(answers(text)).toHaveLength(1);
    });
  });

  it('slow but at MIN_UPLOAD_BYTES_PER_SEC arrives, however long it takes', async () => {
    const body = JSON.stringify({ project_name: 'x' }).padEnd(10 * PER_WINDOW + 1);
    const wire = await begin([...create(), `Content-Length: ${body.length}`, 'Connection: close']);
    for (let window = 0; window < 10; window++) await pass(wire, body.slice(window * PER_WINDOW, (window + 1) * PER_WINDOW));
    wire.socket.write(body.slice(10 * PER_WINDOW));
    await wire.closed;
    expect(answerIn(wire.text()).status).toBe(200);
  });
});
