import { once } from 'node:events';
import { connect } from 'node:net';
import { eventually } from '@vergeai/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, send, startApi, type TestApi } from '../support/api.js';
import { levels, newMember, removeMember, revoke, updateMember } from '../support/members.js';
import { safetensorsHead } from '../support/models.js';
import { askTicket, expectNothingKept, expectProblem, newPlace, nothingStaged, openRequest, putRaw, putUrl, stagedFiles, type Place } from '../support/uploads.js';

const DATA = 4 * 1024 * 1024;
const head = safetensorsHead(JSON.stringify({ w: { dtype: 'U8', shape: [DATA], data_offsets: [0, DATA] } }));

describe.each(databases)('an upload on %s', (database) => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi(database);
  });
  afterAll(() => api.close());

  interface Half {
    /** What goes before the model's bytes, headers included, and where to. */
    readonly start: string;
    readonly first: Buffer;
    readonly second: Buffer;
  }

  const request = (line: string, headers: string[], length: number) => [line, 'Host: x', `Content-Length: ${length}`, ...headers, '', ''].join('\r\n');

  async function putHalf(place: Place): Promise<Half> {
    const { pathname, search } = new URL(putUrl(await askTicket(api, place)));
    return {
      start: request(`PUT ${pathname}${search} HTTP/1.1`, ['Content-Type: application/octet-stream'], head.length + DATA),
      first: Buffer.concat([head, Buffer.alloc(DATA / 2)]),
      second: Buffer.alloc(DATA / 2),
    };
  }

  async function formHalf(place: Place): Promise<Half> {
    const { url, fields } = await askTicket(api, place);
    const parts = Object.entries(fields).map(([name, value]) => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`);
    const first = Buffer.concat([Buffer.from(`${parts.join('')}--b\r\nContent-Disposition: form-data; name="file"; filename="m"\r\n\r\n`), head, Buffer.alloc(DATA / 2)]);
    const second = Buffer.concat([Buffer.alloc(DATA / 2), Buffer.from('\r\n--b--\r\n')]);
    return {
      start: request(`POST ${new URL(url).pathname} HTTP/1.1`, ['Content-Type: multipart/form-data; boundary=b'], first.length + second.length),
      first,
      second,
    };
  }

  async function inlineHalf({ project, experiment }: Place): Promise<Half> {
    const first = Buffer.from(`{"project_id":"${project}","experiment_id":"${experiment}","model":{"w":[${'0,'.repeat(1024 * 1024)}`);
    const second = Buffer.from(`${'0,'.repeat(1024 * 1024)}0]}}`);
    return {
      start: request('POST /v1/experiment/submit_start_model HTTP/1.1', [`Authorization: ${api.adminKey}`, 'Content-Type: application/json'], first.length + second.length),
      first,
      second,
    };
  }

  async function open() {
    const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
    socket.on('error', () => {});
    await once(socket, 'connect');
    return socket;
  }

  const halves = [
    ['raw PUT', putHalf],
    ['presigned POST', formHalf],
    ['inline', inlineHalf],
  ] as const;

  describe.each(halves)('by %s', (_way, halfOf) => {
    it.each([
      ['destroyed', (socket: Awaited<ReturnType<typeof open>>) => socket.destroy()],
      ['reset', (socket: Awaited<ReturnType<typeof open>>) => socket.resetAndDestroy()],
      ['half closed', (socket: Awaited<ReturnType<typeof open>>) => socket.end()],
    ])('cut half-way by a connection that is %s leaves no trace', async (_how, cut) => {
      const place = await newPlace(api);
      const { start, first } = await halfOf(place);
      const socket = await open();
      socket.write(start);
      socket.write(first);
      await eventually('the upload is under way', async () => (await stagedFiles(api.dataDir)).length > 0);
      cut(socket);
      await nothingStaged(api);
      await expectNothingKept(api, place);
      expect((await send(api, 'GET', '/readyz')).status).toBe(200);
      expect((await putRaw(await askTicket(api, place), '{"w":1}')).status).toBe(204);
    });

    it('sent whole by a client that does not wait for the answer is registered whole or not at all', async () => {
      const places = await Promise.all(Array.from({ length: 8 }, () => newPlace(api)));
      for (const [at, place] of places.entries()) {
        const { start, first, second } = await halfOf(place);
        const socket = await open();
        socket.write(start);
        socket.write(first);
        await new Promise<void>((resolve) => socket.write(second, () => resolve()));
        if (at % 2) socket.destroy();
        else socket.end();
      }
      await nothingStaged(api);
      for (const place of places) {
        await eventually('the experiment and its models agree', async () => {
          const rows = await api.ctx.db.prisma.storedModel.findMany({ where: { experimentId: place.experiment } });
          const { startModelId } = await api.ctx.db.prisma.experiment.findUniqueOrThrow({ where: { id: place.experiment } });
          return rows.map(({ id }) => id).join() === (startModelId ?? '');
        });
      }
      await nothingStaged(api);
    });

    /** Sends half, lets something happen, sends the rest. */
    async function meanwhile(place: Place, key: string, happen: () => Promise<unknown>) {
      const mine = { ...api, adminKey: key } as TestApi;
      const [before, after] = [api, mine];
      let half: Half;
      try {
        api = after;
        half = await halfOf(place);
      } finally {
        api = before;
      }
      const lines = half.start.split('\r\n');
      const [method, target] = lines[0]!.split(' ') as [string, string];
      const headers = Object.fromEntries(lines.slice(2).filter(Boolean).map((line) => line.split(': ') as [string, string]));
      const { req, reply } = openRequest(api.url + target, method, headers);
      req.write(half.first);
      await eventually('the upload is under way', async () => (await stagedFiles(api.dataDir)).length > 0);
      await happen();
      req.end(half.second);
      return reply;
    }

    it('is refused when its key is revoked while the bytes travel', async () => {
      const place = await newPlace(api);
      const member = await newMember(api, place.project, levels.READ_WRITE);
      expectProblem(await meanwhile(place, member.key, () => revoke(api, member)), 401, 'key_invalid');
      await expectNothingKept(api, place);
    });

    it('is refused when its sender may only read by the time the bytes are there', async () => {
      const place = await newPlace(api);
      const member = await newMember(api, place.project, levels.READ_WRITE);
      expectProblem(await meanwhile(place, member.key, () => updateMember(api, place.project, member.userId, levels.READ_ONLY)), 403, 'permission_denied');
      await expectNothingKept(api, place);
    });

    it('is refused when its sender is no member by the time the bytes are there', async () => {
      const place = await newPlace(api);
      const member = await newMember(api, place.project, levels.READ_WRITE);
      expectProblem(await meanwhile(place, member.key, () => removeMember(api, place.project, member.userId)), 404, 'project_not_found');
      await expectNothingKept(api, place);
    });

    it('is refused when another start model was quicker', async () => {
      const place = await newPlace(api);
      const ticket = await askTicket(api, place);
      expectProblem(await meanwhile(place, api.adminKey, () => putRaw(ticket, '{"w":1}')), 400, 'start_model_already_submitted');
      await nothingStaged(api);
    });

    it('is refused when the project is deleted while the bytes travel', async () => {
      const place = await newPlace(api);
      const gone = () => send(api, 'POST', '/v1/project/delete', { key: api.adminKey, json: { project_id: place.project } });
      expectProblem(await meanwhile(place, api.adminKey, gone), 404, 'project_not_found');
      await nothingStaged(api);
    });
  });
});
