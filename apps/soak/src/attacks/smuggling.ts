import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { Chance } from '../chance.js';
import { inLanes, onServer, tally, type Attack } from './attack.js';
import { clientOf, outcome } from './client.js';

/** Headers of which two readers may make two things. */
const tricks: ReadonlyArray<readonly string[]> = [
  ['Content-Length: 5', 'Content-Length: 50'],
  ['Content-Length: 20', 'Content-Length: 20'],
  ['Content-Length: 5, 5'],
  ['Content-Length: 5', 'Transfer-Encoding: chunked'],
  ['Transfer-Encoding: chunked', 'Content-Length: 5'],
  ['Transfer-Encoding: xchunked'],
  ['Transfer-Encoding: chunked, identity'],
  ['Transfer-Encoding: identity', 'Transfer-Encoding: chunked, x'],
  ['Transfer-Encoding : chunked'],
  ['X-A: b', ' c: d', 'Content-Length: 5', '\tContent-Length: 9'],
  ['Content-Length: +5'],
  ['Content-Length: 0x10'],
  ['Content-Length: -1'],
  [`Content-Length: ${'9'.repeat(30)}`],
  ['X-A: b\nContent-Length: 5'],
  ['X-A: b\rContent-Length: 5'],
  ['X-A: b\0c'],
  [': b'],
];

/** Sends bytes as they are; gives all that comes back until the connection ends, or nothing comes for a while. */
function exchange(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes, 'latin1'));
    let text = '';
    socket.setTimeout(20_000, () => socket.destroy());
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
    });
    socket.on('error', () => {});
    socket.once('close', () => resolve(text));
  });
}

export const smuggling = (count = 3_000, seed = Math.floor(Math.random() * 2 ** 32)): Attack => ({
  name: 'smuggling',
  what: `${count} requests that two readers could take apart differently, each with another one hidden in its body (seed ${seed})`,
  run: onServer(async (server, say) => {
    const client = clientOf(server);
    const chance = new Chance(seed);
    const marker = randomUUID();
    const hidden = JSON.stringify({ project_name: marker });
    const inner = `POST /v1/project/create HTTP/1.1\r\nHost: x\r\nAuthorization: ${server.key}\r\nContent-Type: application/json\r\nContent-Length: ${hidden.length}\r\n\r\n${hidden}`;
    const seen = await inLanes(32, count, async (number) => {
      const mine = chance.of('trick', number);
      const [first, second] = [mine.pick(tricks), mine.happens(0.3) ? mine.pick(tricks) : []];
      const more = mine.happens(0.3) ? [`X-${number}: ${'x'.repeat(mine.below(200))}`] : [];
      const lines = ['POST /v1/auth/create HTTP/1.1', 'Host: x', 'Content-Type: application/json', ...more, ...first, ...second];
      const text = await exchange(server.url, `${lines.join('\r\n')}\r\n\r\n${mine.pick(['0\r\n\r\n', '{}', '', '2\r\n{}\r\n0\r\n\r\n'])}${inner}`);
      return (text.match(/HTTP\/1\.1 (\d{3})/g) ?? []).map((line) => line.slice(-3)).join(' then ') || 'cut off';
    });
    say(tally(seen));
    const violations = [...new Set(seen)].filter((each) => !['400', '401', '431', 'cut off'].includes(each)).map((each) => `It was answered ${each}.`);
    const list = await client.get('/v1/project/list?limit=200');
    if (!list || list.status !== 200) violations.push(`Afterwards the projects were answered: ${outcome(list)}.`);
    else if (list.bytes.includes(marker)) violations.push('A request that was hidden in the body of another one was carried out.');
    return violations;
  }),
});
