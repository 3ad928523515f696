import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdir, stat } from 'node:fs/promises';
import { request, type IncomingMessage } from 'node:http';
import path from 'node:path';
import { eventually } from '@vergeai/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { send, startApi, type TestApi } from '../support/api.js';
import { listen } from '../support/listen.js';
import { freePort, proxies, type RunningProxy } from '../support/run-proxy.js';
import { cancelJob, newJob, newTraining, nextJob, submitUpdate, model } from '../support/training.js';
import { askTicket, newPlace, postForm, putUrl, type Ticket } from '../support/uploads.js';

const GIB = 1024 ** 3;
const BLOCK = Buffer.alloc(1024 * 1024);

for (const [name, { installed }] of Object.entries(proxies)) if (!installed) console.warn(`SKIPPED: there is no ${name} here, so its example in deploy/ was not tried`);

/** A safetensors file of one tensor of zeros, in pieces: so large in all. */
function* zeros(size: number): Generator<Buffer> {
  const head = (numbers: number) => JSON.stringify({ w: { dtype: 'F32', shape: [numbers], data_offsets: [0, 4 * numbers] } });
  const room = 128 - 8;
  const numbers = (size - 128) / 4;
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(room));
  yield Buffer.concat([length, Buffer.from(head(numbers).padEnd(room))]);
  for (let left = size - 128; left > 0; left -= BLOCK.length) yield BLOCK.subarray(0, Math.min(left, BLOCK.length));
}

/** PUT with a length, a piece when there is room for it; `halfWay` is called with the bytes sent by then. */
async function putPieces(ticket: Ticket, size: number, halfWay: (sent: number) => Promise<unknown>): Promise<IncomingMessage> {
  const upload = request(putUrl(ticket), { method: 'PUT', headers: { 'Content-Type': 'application/octet-stream', 'Content-Length': size } });
  const answer = once(upload, 'response');
  let sent = 0;
  for (const piece of zeros(size)) {
    if (!upload.write(piece)) await once(upload, 'drain');
    if (sent < size / 2 && sent + piece.length >= size / 2) await halfWay(sent + piece.length);
    sent += piece.length;
  }
  upload.end();
  return (await answer)[0] as IncomingMessage;
}

/** How many bytes of uploads under way a server has. */
async function staged(api: TestApi): Promise<number> {
  const folder = path.join(api.dataDir, 'blobs', 'staging');
  const names = await readdir(folder, { recursive: true });
  const sizes = await Promise.all(names.map((name) => stat(path.join(folder, name)).then((found) => (found.isFile() ? found.size : 0), () => 0)));
  return sizes.reduce((sum, size) => sum + size, 0);
}

describe.each([
  ['nginx', '/'],
  ['nginx', '/verge/'],
  ['caddy', '/'],
  ['caddy', '/verge/'],
] as const)('behind %s with the example of deploy/, under %s,', { timeout: 120_000 }, (name, under) => {
  describe.skipIf(!proxies[name].installed)('it is as without it:', () => {
    let api: TestApi;
    let proxy: RunningProxy;
    /** The server as others see it. */
    let seen: TestApi;
    beforeAll(async () => {
      const port = await freePort();
      const url = `http://127.0.0.1:${port}${under.replace(/\/$/, '')}`;
      api = await startApi('sqlite', { PUBLIC_URL: url, TRUST_PROXY: '1' }, { background: true });
      proxy = await proxies[name].start({ target: api.url, port, under });
      seen = { ...api, url };
    });
    afterAll(async () => {
      await proxy?.stop();
      await api.close();
    });

    it('pages, operations, and both ways of a ticket', async () => {
      for (const page of ['/docs', '/livez', '/readyz', '/metrics', '/openapi.json', '/llms.txt', '/problems']) expect((await fetch(seen.url + page)).status, page).toBe(200);
      const place = await newPlace(seen);
      const ticket = await askTicket(seen, place);
      expect(ticket.url).toBe(`${seen.url}/v1/upload`);
      expect((await postForm(ticket, '{"w":[1]}')).status).toBe(204);
      const { body } = await send(seen, 'GET', `/v1/experiment/start_model/${place.project}/${place.experiment}`, { key: seen.adminKey });
      expect((await send(seen, 'GET', body.model_url as string)).text).toBe('{"w":[1]}');
    });

    it('events are heard as they happen, on a stream that stays open', async () => {
      const training = await newTraining(seen, 1);
      const stream = await listen(seen, training, { after: 0 });
      const before = await eventually('what there is was told', () => stream.events.length);
      await cancelJob(seen, training, await newJob(seen, training));
      await eventually('the news is told', () => stream.events.length > before && stream.events.at(-1)!.type === 'job_cancelled');
      expect(stream.isOver()).toBe(false);
      stream.hangUp();
      await stream.reading;
    });

    it('a device that waits for a job is given it when there is one', async () => {
      const training = await newTraining(seen, 1);
      const waiting = nextJob(seen, training, training.devices[0]!, 50);
      const device = `/v1/device/get/${training.project}/${training.devices[0]!.id}`;
      await eventually('the server has heard of it', async () => (await send(api, 'GET', device, { key: api.adminKey })).body.presence === 'online');
      const job = await newJob(seen, training);
      expect((await waiting).body).toMatchObject({ job_id: job });
      expect((await submitUpdate(seen, training, job, training.devices[0]!, model(1), { num_examples: 1 })).status).toBe(204);
    });

    // Once each: the path makes no difference to it.
    it.skipIf(under !== '/')('a model of 1 GiB goes up as it is sent, and comes down', async () => {
      const place = await newPlace(seen);
      // What is on the way, in sockets.
      const passedOn = (sent: number) => eventually('the server has what was sent', async () => (await staged(api)) > sent - GIB / 8);
      expect((await putPieces(await askTicket(seen, place), GIB, passedOn)).statusCode).toBe(204);
      const { body } = await send(seen, 'GET', `/v1/experiment/start_model/${place.project}/${place.experiment}`, { key: seen.adminKey });
      const [came, sent] = [createHash('sha256'), createHash('sha256')];
      for await (const bytes of (await fetch(body.model_url as string)).body!) came.update(bytes);
      for (const piece of zeros(GIB)) sent.update(piece);
      expect(came.digest('hex')).toBe(sent.digest('hex'));
    });
  });
});
