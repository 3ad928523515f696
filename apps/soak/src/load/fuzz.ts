import type { Chance } from '../chance.js';
import { json } from '../wire/call.js';
import { addDevice, addExperiment, addProject } from './set-up.js';
import type { World } from './world.js';

interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
}

interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body: Schema | undefined;
  readonly query: ReadonlyArray<{ readonly name: string; readonly schema: Schema }>;
}

const AT_ONCE = 16;
const HOSTILE: readonly unknown[] = [null, true, -1, 0, 1.5, 1e308, -0, '', ' ', 'x'.repeat(5000), '../../etc/passwd', '\u0000', '\ud800', '__proto__', "'; DROP TABLE Job;--", [], [[[[]]]], {}, { __proto__: 1 }, { constructor: {} }];

/** Requests made from the description that the server gives of itself, sound ones and spoiled ones. Gives how many were sent. */
export async function fuzz(world: World, chance: Chance, requests: number): Promise<number> {
  const { ids, keys } = await furnish(world, chance.of('furniture'));
  const description = await world.ask({ method: 'GET', path: '/openapi.json' });
  world.journal.note({ what: 'others' });
  const routes = readRoutes(json(description!));
  let sent = 0;
  const sender = async (mine: Chance) => {
    while (sent < requests && !world.over) {
      sent++;
      const route = mine.pick(routes);
      const path = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => inUrl(valueFor(name, { type: 'string', pattern: 'hex' }, mine, ids)));
      const query = route.query.filter(() => mine.happens(0.5)).map(({ name, schema }) => `${name}=${inUrl(name === 'wait' ? mine.pick([0, -1, 'x']) : valueFor(name, schema, mine, ids))}`);
      const body = route.body && bytesOf(route.body, mine, ids);
      const reply = await world.try({
        method: route.method,
        path: query.length > 0 ? `${path}?${query.join('&')}` : path,
        key: mine.happens(0.9) ? mine.pick(keys) : 'nobody',
        headers: { ...(body && { 'Content-Type': mine.happens(0.97) ? 'application/json' : 'text/plain' }), ...(mine.happens(0.1) && { 'Idempotency-Key': mine.pick(['a', 'b', 'c']) }) },
        body,
      });
      // Jobs that come of it are there for the next requests.
      if (reply?.status === 200 && route.path === '/v1/job/create') ids['job_id']!.push(json(reply)['ID'] as string);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, (_, n) => sender(chance.of('sender', n))));
  return sent;
}

/** Something that is there, so that not everything asked for is unknown. */
async function furnish(world: World, chance: Chance) {
  const project = (await addProject(world, chance))!;
  const experiment = (await addExperiment(world, project, chance, 'json', false))!;
  const devices = await Promise.all([1, 2, 3].map((n) => addDevice(world, project, chance.of(n))));
  const ids: Record<string, string[]> = { project_id: [project.id], experiment_id: [experiment.id], device_id: devices.map((device) => device!.id), job_id: [] };
  return { ids, keys: [world.adminKey, world.adminKey, ...devices.map((device) => device!.key)] };
}

function readRoutes(description: Record<string, unknown>): Route[] {
  const paths = description['paths'] as Record<string, Record<string, { parameters?: Array<{ in: string; name: string; schema: Schema }>; requestBody?: { content: Record<string, { schema: Schema }> } }>>;
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { parameters = [], requestBody }]) => {
      // Streams do not end, and these would take the ground from under everybody else.
      if (!['get', 'post'].includes(method) || path.endsWith('/upload') || path === '/v1/project/delete' || path === '/v1/project/limit_storage' || path === '/v1/experiment/delete' || path.startsWith('/v1/user/') || path === '/v1/auth/revoke') return [];
      const body = Object.values(requestBody?.content ?? {})[0]?.schema;
      return [{ method: method.toUpperCase() as 'GET' | 'POST', path, body, query: parameters.filter((each) => each.in === 'query') }];
    }),
  );
}

/** Lone surrogates cannot be written in a URL. */
const inUrl = (value: unknown) => encodeURIComponent((typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).replaceAll(/[\ud800-\udfff]/g, '\ufffd'));

function bytesOf(schema: Schema, chance: Chance, ids: Readonly<Record<string, readonly string[]>>): Buffer {
  const text = JSON.stringify(valueFor('', schema, chance, ids)) ?? '';
  if (chance.happens(0.04)) return Buffer.from(text.slice(0, chance.below(text.length)));
  if (chance.happens(0.02)) return Buffer.from('['.repeat(1 + chance.below(20_000)));
  return Buffer.from(text);
}

function valueFor(name: string, schema: Schema, chance: Chance, ids: Readonly<Record<string, readonly string[]>>): unknown {
  if (chance.happens(0.08)) return chance.pick(HOSTILE);
  const known = ids[name];
  if (known && known.length > 0 && chance.happens(0.85)) return chance.pick(known);
  if (schema.enum) return chance.pick(schema.enum);
  if (schema.anyOf) return valueFor(name, chance.pick(schema.anyOf), chance, ids);
  switch (schema.type) {
    case 'object': {
      const properties = Object.entries(schema.properties ?? {}).filter(([key]) => schema.required?.includes(key) || chance.happens(0.5));
      const entries = properties.filter(() => !chance.happens(0.03)).map(([key, value]) => [key, valueFor(key, value, chance, ids)]);
      return Object.fromEntries(chance.happens(0.05) ? [...entries, ['intruder', 1]] : entries);
    }
    case 'array':
      return Array.from({ length: chance.below(3) }, () => valueFor(name, schema.items ?? {}, chance, ids));
    case 'integer':
      return Math.max(schema.minimum ?? -10, Math.min(chance.below(20), schema.maximum ?? 20));
    case 'number':
      return chance.between(schema.minimum ?? 0, Math.min(schema.maximum ?? 100, 100));
    case 'boolean':
      return chance.happens(0.5);
    default:
      return schema.pattern ? Array.from({ length: 32 }, () => chance.below(16).toString(16)).join('') : `text ${chance.below(100)}`;
  }
}
