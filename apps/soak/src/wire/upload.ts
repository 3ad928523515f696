import type { Chance } from '../chance.js';
import type { World } from '../load/world.js';
import { pathOf } from '../load/world.js';
import type { Format } from '../models/make.js';
import { json, type Reply, type Request } from './call.js';

/** Where bytes may go, as the server says it. */
export interface Ticket {
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
}

export interface Upload {
  /** `/v1/…/submit_…` */
  readonly path: string;
  readonly key: string;
  /** What goes with the model: ids, num_examples, metrics. */
  readonly envelope: Readonly<Record<string, unknown>>;
  readonly model: Buffer;
  readonly format: Format;
  /** What came with the job; undefined: a ticket is asked for. */
  readonly given?: Ticket | undefined;
}

export type Way = 'inline' | 'put' | 'form';

export const pickWay = (chance: Chance, format: Format): Way => (format === 'json' ? chance.pick(['inline', 'inline', 'put', 'form'] as const) : chance.pick(['put', 'form'] as const));

/** One attempt to bring a model to the server, inline or by ticket. Undefined: nobody knows whether it arrived. */
export async function upload(world: World, way: Way, sent: Upload): Promise<Reply | undefined> {
  const { path, key, envelope, model, format, given } = sent;
  const watched = { onHalfSent: () => world.reached('upload'), onSent: () => world.reached('register') };
  const post = (body: Buffer): Request => ({ method: 'POST', path, key, headers: { 'Content-Type': 'application/json' }, body });
  if (way === 'inline') {
    const text = JSON.stringify(envelope);
    return world.try({ ...post(Buffer.concat([Buffer.from(`${text.slice(0, -1)},"model":`), model, Buffer.from('}')])), ...watched });
  }
  const answer = given ? undefined : await world.try(post(Buffer.from(JSON.stringify(envelope))));
  if (!given && answer?.status !== 200) return answer;
  const { url, fields } = given ? { url: given.url, fields: { ...given.fields, ...reportOf(sent) } } : (json(answer!)['model_url'] as Ticket);
  if (way === 'put') {
    const type = format === 'json' ? 'application/json' : 'application/octet-stream';
    return world.try({ method: 'PUT', path: `${pathOf(url)}?${new URLSearchParams(fields).toString()}`, headers: { 'Content-Type': type }, body: model, ...watched });
  }
  const boundary = 'soak-4f1c9d2e7b';
  const part = (head: string) => `--${boundary}\r\nContent-Disposition: form-data; ${head}\r\n\r\n`;
  const before = Object.entries(fields).map(([name, value]) => `${part(`name="${name}"`)}${value}\r\n`);
  const body = Buffer.concat([Buffer.from(`${before.join('')}${part('name="file"; filename="model"')}`), model, Buffer.from(`\r\n--${boundary}--\r\n`)]);
  return world.try({ method: 'POST', path: pathOf(url), headers: { 'Content-Type': `multipart/form-data; boundary=${boundary}` }, body, ...watched });
}

/** What goes with the model, beside a ticket that does not know it yet. */
const reportOf = ({ envelope }: Upload): Record<string, string> =>
  Object.fromEntries(['num_examples', 'metrics'].flatMap((name) => (envelope[name] === undefined ? [] : [[name, JSON.stringify(envelope[name])]])));
