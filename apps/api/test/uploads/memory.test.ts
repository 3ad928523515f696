import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { startServer } from '@vergeai/testkit';
import { describe, expect, it } from 'vitest';
import { send, type TestApi } from '../support/api.js';
import { safetensorsHead } from '../support/models.js';
import { askTicket, getExperiment, newPlace, openRequest, postForm, putRaw, putUrl } from '../support/uploads.js';

const MiB = 1024 * 1024;
const DATA = 256 * MiB;
const CHUNK = new Uint8Array(MiB);
const head = safetensorsHead(JSON.stringify({ w: { dtype: 'F32', shape: [DATA / 4], data_offsets: [0, DATA] } }));

const onLinux = process.platform === 'linux';
if (!onLinux) console.warn('SKIPPED: the memory of uploads is read from /proc, which only Linux has');

describe.skipIf(!onLinux)('four uploads of 256 MiB at once', () => {
  it('take at most 256 MiB of memory over idle', { timeout: 600_000 }, async () => {
    const server = await startServer();
    try {
      const api = { url: server.url, adminKey: server.key } as TestApi;
      // Everything has been used once: what is measured is the bytes, not the code.
      for (const upload of [putRaw, postForm]) expect((await upload(await askTicket(api, await newPlace(api)), '{"w":[1]}')).status).toBe(204);
      const idle = await memory(server.pid, 'VmRSS');

      const places = await Promise.all([1, 2, 3, 4].map(() => newPlace(api)));
      await Promise.all(
        places.map(async (place, at) => {
          const ticket = await askTicket(api, place);
          const reply = at % 2 ? await stream(putUrl(ticket), 'PUT', 'application/octet-stream', '', '') : await streamForm(ticket);
          expect(reply.status, reply.text).toBe(204);
        }),
      );
      const peak = await memory(server.pid, 'VmHWM');
      console.log(`idle ${idle} MiB, peak ${peak} MiB`);
      expect(peak - idle).toBeLessThanOrEqual(256);
      for (const place of places) expect(await getExperiment(api, place)).toMatchObject({ start_model: { size: String(head.length + DATA) } });
      expect((await send(api, 'GET', '/readyz')).status).toBe(200);
    } finally {
      await server.stop();
    }
  });
});

function streamForm({ url, fields }: { url: string; fields: Readonly<Record<string, string>> }) {
  const parts = Object.entries(fields).map(([name, value]) => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`);
  const file = '--b\r\nContent-Disposition: form-data; name="file"; filename="m"\r\n\r\n';
  return stream(url, 'POST', 'multipart/form-data; boundary=b', parts.join('') + file, '\r\n--b--\r\n');
}

async function stream(url: string, method: string, type: string, before: string, after: string) {
  const { req, reply } = openRequest(url, method, { 'Content-Type': type });
  req.write(Buffer.concat([Buffer.from(before), head]));
  for (let sent = 0; sent < DATA; sent += CHUNK.length) if (!req.write(CHUNK)) await once(req, 'drain');
  req.end(after);
  return reply;
}

/** In MiB. */
async function memory(pid: number, what: 'VmRSS' | 'VmHWM'): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(new RegExp(`${what}:\\s+(\\d+) kB`).exec(status)![1]) / 1024);
}
