import { Agent, request } from 'node:http';
import { ADMIN_KEY, eventually, startServer, type RunningServer } from '@vergeai/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { send, type Reply } from '../support/api.js';
import { openRequest, putUrl, stagedFiles, type Ticket } from '../support/uploads.js';
import { dial } from '../support/wire.js';

/** Below the 25 s after which whatever is left is cut off. */
const PROMPT_MS = 20_000;

const isGone = (pid: number) => {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
};

const listens = (url: string) =>
  fetch(`${url}/livez`).then(
    () => true,
    () => false,
  );

describe.each(['SIGTERM', 'SIGINT'] as const)('a server that gets %s', { timeout: 120_000 }, (signal) => {
  let server: RunningServer;
  beforeEach(async () => {
    server = await startServer();
  });
  afterEach(() => server.stop());

  const post = async (path: string, json: unknown): Promise<Reply> => send(server, 'POST', path, { key: ADMIN_KEY, json });
  const newPlace = async () => {
    const { project_id } = (await post('/v1/project/create', { project_name: 'x' })).body;
    const { ID } = (await post('/v1/experiment/create', { project_id })).body;
    return { project_id: project_id as string, experiment_id: ID as string };
  };
  const stopped = async () => {
    const startedAt = performance.now();
    process.kill(server.pid, signal);
    const code = await server.exited;
    return { code, ms: performance.now() - startedAt };
  };

  it('ends at once with exit code 0 when nothing is under way, and leaves no process', async () => {
    const { code, ms } = await stopped();
    expect(code).toBe(0);
    expect(ms).toBeLessThan(PROMPT_MS);
    expect(isGone(server.pid)).toBe(true);
  });

  it('does not wait for connections that are merely kept open', async () => {
    const agent = new Agent({ keepAlive: true });
    await Promise.all(
      Array.from({ length: 5 }, () => new Promise<void>((resolve) => request(`${server.url}/livez`, { agent }, (res) => res.resume().once('end', resolve)).end())),
    );
    const { code, ms } = await stopped();
    expect([code, ms < PROMPT_MS]).toEqual([0, true]);
    agent.destroy();
  });

  it('does not wait for connections on which nothing ever came, nor for requests of which no more comes', async () => {
    const wires = await Promise.all(Array.from({ length: 6 }, () => dial(server.url)));
    for (const { socket } of wires.slice(3)) socket.write('GET /livez HTTP/1.1\r\nHost: x\r\n');
    const { code, ms } = await stopped();
    expect([code, ms < PROMPT_MS]).toEqual([0, true]);
    await Promise.all(wires.map(({ closed }) => closed));
    expect(wires.map(({ text }) => text()).join('')).toBe('');
  });

  it('lets an upload under way finish, takes nothing new, and keeps the model', async () => {
    const place = await newPlace();
    const ticket = (await post('/v1/experiment/submit_start_model', place)).body.model_url as Ticket;
    const model = `{"w":[${'0.25,'.repeat(50_000)}1]}`;
    const agent = new Agent({ keepAlive: true });
    const upload = openRequest(putUrl(ticket), 'PUT', { 'Content-Type': 'application/json', 'Content-Length': model.length, Connection: 'keep-alive' });
    upload.req.write(model.slice(0, 100_000));
    await eventually('the upload has begun', async () => (await stagedFiles(server.dataDir)).length > 0);

    const end = stopped();
    await eventually('it takes no new connections', async () => !(await listens(server.url)));
    expect(isGone(server.pid)).toBe(false);
    upload.req.end(model.slice(100_000));
    expect((await upload.reply).status).toBe(204);
    const { code, ms } = await end;
    expect([code, ms < PROMPT_MS]).toEqual([0, true]);
    expect(isGone(server.pid)).toBe(true);
    agent.destroy();

    const again = await startServer({ dataDir: server.dataDir });
    const { body } = await send(again, 'GET', `/v1/experiment/get/${place.project_id}/${place.experiment_id}`, { key: ADMIN_KEY });
    await again.kill();
    expect(body.start_model.size).toBe(String(model.length));
  });

  it('ends live event streams and long polls instead of waiting for them', async () => {
    const { project_id, experiment_id } = await newPlace();
    const device = (await post('/v1/device/create', { project_id })).body.device_api_key as string;
    const stream = await fetch(`${server.url}/v1/experiment/events/${project_id}/${experiment_id}`, { headers: { Authorization: ADMIN_KEY, Accept: 'text/event-stream' } });
    expect(stream.headers.get('content-type')).toMatch(/^text\/event-stream/);
    const poll = send(server, 'GET', `/v1/device/next_job/${project_id}?wait=60`, { key: device }).then(
      ({ status }) => status,
      () => 'ended',
    );
    const read = stream.text().catch(() => 'ended');
    const { code, ms } = await stopped();
    expect([code, ms < PROMPT_MS]).toEqual([0, true]);
    expect([204, 503, 'ended']).toContain(await poll);
    await read;
  });

  it('is not hurried by a second signal, nor undone by it', async () => {
    process.kill(server.pid, signal);
    process.kill(server.pid, signal);
    expect(await server.exited).toBe(0);
  });
});
