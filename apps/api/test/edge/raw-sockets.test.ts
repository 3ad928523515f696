import { ADMIN_KEY, anyMoment, eventually, seededRandom, startServer, testSeed, type RunningServer } from '@vergeai/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.js';
import { listen, type HttpServer } from '../../src/http/edge/server.js';
import type { Clock } from '../../src/time/clock.js';
import { systemClock } from '../../src/time/system-clock.js';
import { askTicket, expectProblem, newPlace, putUrl, type Ticket } from '../support/uploads.js';
import { send, type TestApi } from '../support/api.js';
import { testClock } from '../support/clock.js';
import { jsonOfSize } from '../support/models.js';
import { answerIn, answers, dial, exchange } from '../support/wire.js';

const JSON_LIMIT = 100_000;

describe('on a bare socket', { timeout: 120_000 }, () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await startServer({ env: { MAX_JSON_MODEL_BYTES: String(JSON_LIMIT) } });
  });
  afterAll(() => server.stop());

  const head = (...lines: string[]) => ['POST /v1/project/create HTTP/1.1', 'Host: x', `Authorization: ${ADMIN_KEY}`, 'Content-Type: application/json', ...lines];
  const inner = ['GET /v1/auth/list HTTP/1.1', 'Host: x', '', ''].join('\r\n');

  describe('a request that two readers could take apart differently is 400, and ends the connection', () => {
    it.each([
      ['two Content-Lengths that differ', ['Content-Length: 5', 'Content-Length: 50']],
      ['two Content-Lengths that agree', ['Content-Length: 20', 'Content-Length: 20']],
      ['a list of Content-Lengths', ['Content-Length: 5, 5']],
      ['Content-Length and Transfer-Encoding', ['Content-Length: 5', 'Transfer-Encoding: chunked']],
      ['Transfer-Encoding and Content-Length', ['Transfer-Encoding: chunked', 'Content-Length: 5']],
      ['an unknown Transfer-Encoding', ['Transfer-Encoding: xchunked']],
      ['chunked that is not last', ['Transfer-Encoding: chunked, identity']],
      ['two Transfer-Encodings', ['Transfer-Encoding: identity', 'Transfer-Encoding: chunked, x']],
      ['a space before the colon', ['Transfer-Encoding : chunked']],
      ['a folded header', ['X-A: b', ' c: d', 'Content-Length: 5', '\tContent-Length: 9']],
      ['a Content-Length with a sign', ['Content-Length: +5']],
      ['a Content-Length in hexadecimal', ['Content-Length: 0x10']],
      ['a negative Content-Length', ['Content-Length: -1']],
      ['a Content-Length that overflows', [`Content-Length: ${'9'.repeat(30)}`]],
      ['a bare line feed in a header', ['X-A: b\nContent-Length: 5']],
      ['NUL in a header', ['X-A: b\0c']],
      ['a header without a name', [': b']],
    ])('%s', async (_, lines) => {
      const text = await exchange(server.url, ...head(...lines), '', `0\r\n\r\n${inner}`);
      expect(answers(text)).toHaveLength(1);
      expectProblem(answerIn(text), 400, 'malformed_http');
    });

    it.each([
      ['a size that is not hexadecimal', 'zz\r\n{}\r\n0\r\n\r\n'],
      ['a size that overflows', `${'f'.repeat(20)}\r\n{}\r\n0\r\n\r\n`],
      ['a chunk longer than it says', '1\r\n{}\r\n0\r\n\r\n'],
      ['bare line feeds', '2\n{}\n0\n\n'],
    ])('a chunked body with %s', async (_, body) => {
      const text = await exchange(server.url, ...head('Transfer-Encoding: chunked'), '', body + inner);
      expect(answers(text)).toHaveLength(1);
      expect(answerIn(text).status).toBe(400);
    });
  });

  it('answers what is not HTTP with a problem, too', async () => {
    for (const line of ['hello', 'GET', 'GET / HTTP/9.9', 'get / http/1.1', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03']) expectProblem(answerIn(await exchange(server.url, line, '', '')), 400, 'malformed_http');
  });

  it('takes request line and headers of 16 KiB at most, else 431', async () => {
    const text = await exchange(server.url, 'GET /livez HTTP/1.1', 'Host: x', `X-Large: ${'x'.repeat(20_000)}`, '', '');
    expectProblem(answerIn(text), 431, 'headers_too_large');
  });

  describe('wants a Host, and exactly one', () => {
    it.each([
      ['none', []],
      ['two that agree', ['Host: x', 'Host: x']],
      ['two that differ', ['Host: x', 'HOST: evil.example']],
      ['two in one', ['Host: x, evil.example']],
      ['one with a path', ['Host: x/../evil']],
      ['one with a user', ['Host: me@x']],
      ['one with a space', ['Host: x y']],
    ])('else it answers 400: %s', async (_, hosts) => {
      for (const line of ['GET /livez', 'GET /nowhere', 'POST /v1/project/create', 'PUT /v1/upload', 'OPTIONS /v1/project/list']) {
        const text = await exchange(server.url, `${line} HTTP/1.1`, ...hosts, '', '');
        expect(answers(text)).toHaveLength(1);
        expectProblem(answerIn(text), 400, 'malformed_http');
      }
    });

    it.each(['x', 'x:3000', 'api.example.com', '127.0.0.1:80', '[::1]:3000', ''])('takes "%s"', async (host) => {
      expect(answerIn(await exchange(server.url, 'GET /livez HTTP/1.1', `Host: ${host}`, 'Connection: close', '', '')).status).toBe(200);
    });

    it('and none from who speaks HTTP/1.0', async () => {
      expect(answerIn(await exchange(server.url, 'GET /livez HTTP/1.0', '', '')).status).toBe(200);
    });
  });

  it('answers HEAD on an event stream as GET would begin, and then the next request', async () => {
    const key = ADMIN_KEY;
    const { project_id } = (await send(server, 'POST', '/v1/project/create', { key, json: { project_name: 'A project' } })).body;
    const { body } = await send(server, 'POST', '/v1/experiment/create', { key, json: { project_id } });
    const following = [`HEAD /v1/experiment/events/${project_id}/${body.ID} HTTP/1.1`, 'Host: x', `Authorization: ${key}`, 'Accept: text/event-stream', ''];
    const text = await exchange(server.url, ...following, 'GET /livez HTTP/1.1', 'Host: x', 'Connection: close', '', '');
    expect(answers(text)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200']);
    expect(text).toMatch(/Content-Type: text\/event-stream[^]*\{"status":"ok"\}$/);
  });

  it('does not take the server down when connections break at every byte of a request', async () => {
    const random = seededRandom(testSeed('connections that break'));
    const whole = [...head('Content-Length: 20'), '', '{"project_name":"x"}'].join('\r\n');
    await Promise.all(
      Array.from({ length: whole.length }, async (_, at) => {
        const { socket, closed } = await dial(server.url);
        socket.end(whole.slice(0, at));
        await anyMoment(random, 7);
        socket.resetAndDestroy();
        await closed;
      }),
    );
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  });

  describe('a client that looks for its answer only once it has sent everything reads why it was refused half-way', () => {
    const model = jsonOfSize(12 * 1024 * 1024).toString();
    const request = (line: string, headers: string[], body: string) =>
      [`${line} HTTP/1.1`, 'Host: x', ...headers, `Content-Length: ${body.length}`, '', body].join('\r\n');
    const inline = (body: string) => () =>
      request('POST /v1/experiment/submit_start_model', [`Authorization: ${ADMIN_KEY}`, 'Content-Type: application/json'], body);
    const byPut = (ticket: Ticket) => request(`PUT ${putUrl(ticket).replace(server.url, '')}`, [], model);
    const byForm = ({ fields }: Ticket) => {
      const parts = Object.entries({ ...fields, 'file"; filename="m': model }).map(
        ([name, value]) => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
      );
      return request('POST /v1/upload', ['Content-Type: multipart/form-data; boundary=b'], `${parts.join('')}--b--\r\n`);
    };

    it.each([
      ['a PUT', byPut, 'model_too_large'],
      ['a form', byForm, 'model_too_large'],
      ['a model inline', inline(`{"project_id":"0","model":${model}}`), 'model_too_large'],
      ['too much beside the model', inline(`{"model":{"w":1},"project_id":${model}}`), 'body_too_large'],
    ] as [string, (ticket: Ticket) => string, string][])('with %s', async (_, requestWith, code) => {
      const api = { url: server.url, adminKey: ADMIN_KEY } as TestApi;
      const bytes = requestWith(await askTicket(api, await newPlace(api)));
      const { socket, text, closed } = await dial(server.url);
      socket.pause();
      await new Promise<void>((resolve, reject) => socket.write(bytes, 'latin1', (error) => (error ? reject(error) : resolve())));
      socket.resume();
      await closed;
      expectProblem(answerIn(text()), 413, code);
    });
  });
});

describe('connections', () => {
  let server: HttpServer | undefined;
  afterEach(() => server?.stop());

  const open = async (env: Record<string, string>, headers?: { withinMs: number; checkEveryMs: number }, clock: Clock = systemClock) => {
    server = await listen({ ...readConfig(env), port: 0 }, clock, headers);
    return `http://127.0.0.1:${server.port}`;
  };

  it('that send no whole request in time are told 408 and ended', async () => {
    const url = await open({}, { withinMs: 200, checkEveryMs: 50 });
    const silent = exchange(url);
    const slow = await dial(url);
    slow.socket.write('GET /livez HTTP/1.1\r\nHost: x\r\n');
    const random = seededRandom(testSeed('a header line now and then'));
    for (let isOver = false; !isOver; isOver = slow.socket.destroyed) {
      slow.socket.write('X-A: b\r\n');
      await anyMoment(random, 40);
    }
    await slow.closed;
    expectProblem(answerIn(slow.text()), 408, 'request_too_slow');
    await silent;
  });

  it('whose answer is still being read when the server stops are left to read it', async () => {
    const url = await open({});
    const size = 32 * 1024 * 1024;
    server!.open((_req, res) => void res.end(Buffer.alloc(size)));
    const { socket, closed } = await dial(url);
    socket.pause();
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    let read = 0;
    socket.on('data', (chunk) => {
      read += chunk.length;
    });
    await eventually('its answer has begun', () => socket.bytesRead > 0);
    const isStopped = server!.stop();
    await eventually('it takes no new connections', () => dial(url).then(() => false, () => true));
    socket.resume();
    await closed;
    expect(read).toBeGreaterThan(size);
    await isStopped;
  });

  it('on which a request begins are left to send the rest when the server stops, and are ended when nothing comes', async () => {
    const clock = testClock();
    const url = await open({}, undefined, clock);
    const [finished, silent, atRest] = await Promise.all([dial(url), dial(url), dial(url)]);
    const get = 'GET /livez HTTP/1.1\r\nHost: x\r\n\r\n';
    for (const { socket, text } of [finished, silent, atRest]) {
      socket.write(get);
      await eventually('an answer', () => text().endsWith('"ok"}'));
    }
    const neverSpoke = await dial(url);
    for (const { socket } of [finished, silent]) socket.write(get.slice(0, 20));
    const isStopped = server!.stop();
    await atRest.closed;
    finished.socket.write(get.slice(20));
    await finished.closed;
    expect(answers(finished.text())).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200']);
    expect([silent, neverSpoke].map(({ socket }) => socket.destroyed)).toEqual([false, false]);
    await clock.advance(600);
    await Promise.all([silent.closed, neverSpoke.closed, isStopped]);
    expect(answers(silent.text())).toEqual(['HTTP/1.1 200']);
  });

  it('beyond MAX_CONNECTIONS are refused, and taken again once there is room', async () => {
    const url = await open({ MAX_CONNECTIONS: '3' });
    const [first, ...kept] = await Promise.all([dial(url), dial(url), dial(url)]);
    const ask = async () => {
      const wire = await dial(url).catch(() => undefined);
      wire?.socket.end('GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
      await wire?.closed;
      return wire?.text() ?? '';
    };
    expect(answers(await ask())).toEqual([]);
    first.socket.end();
    await first.closed;
    await eventually('there is room again', async () => answers(await ask()).length === 1);
    for (const { socket } of kept) socket.destroy();
  });

  it('find a server that is starting alive but not ready, and told with a problem', async () => {
    const url = await open({});
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    for (const path of ['/readyz', '/v1/project/list']) {
      const response = await fetch(url + path);
      const text = await response.text();
      expectProblem({ status: response.status, headers: response.headers, text, body: JSON.parse(text) }, 503, 'starting');
      expect(response.headers.get('retry-after')).toBe('1');
    }
  });
});
