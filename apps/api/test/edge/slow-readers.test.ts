import { eventually } from '@vergeai/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newProject, send, startApi, type TestApi } from '../support/api.js';
import { insertExperiments } from '../support/big-project.js';
import { testClock } from '../support/clock.js';
import { listen } from '../support/listen.js';
import { zeroSafetensors } from '../support/models.js';
import { askTicket, newPlace, putRaw } from '../support/uploads.js';
import { dial, type Wire } from '../support/wire.js';

const WINDOW_MS = 7_000;
const MiB = 1024 * 1024;

describe('an answer', () => {
  let api: TestApi;
  let project: string;
  let link: string;
  const clock = testClock();
  beforeAll(async () => {
    api = await startApi('sqlite', { MIN_UPLOAD_BYTES_PER_SEC: '200', MIN_UPLOAD_WINDOW_SEC: '7' }, { clock });
    project = await newProject(api);
    await insertExperiments(api, project, 500);
    const place = await newPlace(api);
    expect((await putRaw(await askTicket(api, place), zeroSafetensors(32 * MiB))).status).toBe(204);
    const { body } = await send(api, 'GET', `/v1/experiment/start_model/${place.project}/${place.experiment}`, { key: api.adminKey });
    link = (body.model_url as string).slice(api.url.length);
  });
  afterAll(() => api.close());

  /** Asks, and reads nothing until it is told to. */
  async function ask(path: string): Promise<Wire> {
    const wire = await dial(api.url);
    wire.socket.pause();
    wire.socket.write([`GET ${path} HTTP/1.1`, 'Host: x', `Authorization: ${api.adminKey}`, 'Connection: close', '', ''].join('\r\n'));
    await eventually('a window has begun', () => clock.waits().includes(WINDOW_MS));
    return wire;
  }

  it.each([
    ['project/get', () => `/v1/project/get/${project}`],
    ['a download', () => link],
  ])('to %s that nobody reads is cut off', async (_what, path) => {
    const wire = await ask(path());
    // A window may have seen the kernel's own buffers fill.
    const ended = await eventually('its connection ends', async () => {
      await clock.advance(WINDOW_MS);
      return clock.waits().every((ms) => ms !== WINDOW_MS);
    });
    expect(ended).toBe(true);
    wire.socket.resume();
    await wire.closed;
    expect(wire.text().length).toBeLessThan(30 * MiB);
  });

  it.each([
    ['project/get', () => `/v1/project/get/${project}`],
    ['a download', () => link],
  ])('to %s that is read slowly, but read, arrives whole', async (_what, path) => {
    const wire = await ask(path());
    let read = 0;
    wire.socket.on('data', (chunk) => {
      read += chunk.length;
    });
    for (let windows = 0; windows < 5; windows++) {
      const before = read;
      wire.socket.resume();
      await eventually('some of it is read', () => read - before > MiB);
      wire.socket.pause();
      await send(api, 'GET', '/livez');
      await clock.advance(WINDOW_MS);
    }
    wire.socket.resume();
    await wire.closed;
    expect(wire.text()).toMatch(/^HTTP\/1\.1 200/);
    expect(read).toBeGreaterThan(31 * MiB);
  });

  it('that tells of events, of which none waits, lives on', async () => {
    const { project: place, experiment } = await newPlace(api);
    const listener = await listen(api, { project: place, experiment, devices: [] });
    await eventually('it has told of the first one', () => listener.events.length === 1);
    for (let windows = 0; windows < 4; windows++) await clock.advance(WINDOW_MS);
    expect(listener.isOver()).toBe(false);
    listener.hangUp();
    await listener.reading;
  });
});
