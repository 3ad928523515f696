import { contract, operations, type Operation } from '@vergeai/contract';
import type { AppRouter } from '@ts-rest/core';
import { z } from 'zod';
import type { Chance } from './chance.js';
import { hostileStrings, hostileValue, jsonText } from './hostile.js';
import type { Slots } from './slots.js';
import { validValue, type Schema } from './valid.js';

export interface FuzzRequest {
  /** For the report. */
  readonly about: string;
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: string | Buffer;
  /** Ends the connection before the body is whole. */
  truncated?: boolean;
}

const routes: readonly Operation[] = operations(contract as unknown as AppRouter);

const schemas = new Map<unknown, Schema>();
const schemaOf = (schema: unknown): Schema | undefined => {
  if (!(schema instanceof z.ZodType)) return undefined;
  if (!schemas.has(schema)) schemas.set(schema, z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Schema);
  return schemas.get(schema);
};

/** These make away with things, so what they name comes from a stock of its own. */
const destructive = new Set(['project.delete', 'project.limit_storage', 'device.delete', 'experiment.delete', 'auth.revoke', 'user.disable', 'user.reset_key', 'project.remove_member', 'project.update_member']);

/** The next request, from valid to outrageous. */
export function nextRequest(chance: Chance, slots: Slots): FuzzRequest {
  const request = chance.weighted<(chance: Chance, slots: Slots) => FuzzRequest>([
    [80, operationRequest],
    [10, transferRequest],
    [4, otherRequest],
  ])(chance, slots);
  if (chance.happens(0.12)) spoilHeaders(request, chance);
  if (chance.happens(0.03)) request.method = chance.pick(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND', 'M-SEARCH', 'QUERY']);
  if (chance.happens(0.15)) request.headers['Idempotency-Key'] = chance.pick(idempotencyKeys);
  if (request.method === 'GET' || request.method === 'HEAD') if (chance.happens(0.95)) delete request.body;
  if (request.body && chance.happens(0.01)) request.truncated = true;
  return request;
}

const idempotencyKeys = ['a', 'b', 'retry-1', 'retry-1', ' ', '\t', 'é'.repeat(10), 'x'.repeat(255), 'x'.repeat(256), '', '../../x', '__proto__', "'; --", '"quoted"'];

/** One operation of the contract: valid, or with some of its parts spoiled. */
function operationRequest(chance: Chance, slots: Slots): FuzzRequest {
  const { name, route } = chance.pick(routes);
  const place = chance.weighted(slots.places.map((each, at) => [at === slots.places.length - 1 ? 0.3 : 1, each] as const));
  const stock = { cursors: slots.cursors, ids: { ...place.ids, ...(destructive.has(name) && slots.throwawayIds) } };
  const spoil = chance.happens(0.55);
  const part = (value: string): string => (spoil && chance.happens(0.25) ? hostileText(chance) : value);

  const params = (schemaOf(route.pathParams) ? validValue(schemaOf(route.pathParams)!, '', chance, stock) : {}) as Record<string, string>;
  let path = route.path.replace(/:(\w+)/g, (_, param: string) => (spoil && chance.happens(0.2) ? hostilePath(chance) : encodeURIComponent(params[param]!)));
  const query = schemaOf(route.query);
  if (query) {
    const values = validValue(query, '', chance, stock) as Record<string, unknown>;
    const pairs = Object.entries(values).map(([key, value]) => `${part(key)}=${encodeURIComponent(part(String(value)))}`);
    if (spoil) pairs.push(...spoiledQuery(chance, Object.keys(query.properties ?? {})));
    if (pairs.length > 0) path += `?${pairs.join('&')}`;
  }
  const key = name.startsWith('device.') && chance.happens(0.7) ? chance.pick(place.deviceKeys) : chance.pick(slots.userKeys);
  const request: FuzzRequest = { about: name, method: route.method, path: noLongWait(path), headers: { Authorization: chance.happens(0.1) ? `Bearer ${key}` : key } };
  const body = 'body' in route ? schemaOf(route.body) : undefined;
  if (body) {
    const valid = validValue(body, '', chance, stock);
    request.headers['Content-Type'] = 'application/json';
    request.body = spoil && chance.happens(0.8) ? spoilText(jsonText(spoilJson(valid, chance)), chance) : jsonText(valid);
  }
  return request;
}

/** A wait that a hostile value happens to spell would only hold the test up. */
const noLongWait = (path: string) => path.replace(/([?&]wait=)[^&]*/g, (found, start: string) => (Number(decodeURIComponentOr(found.slice(start.length))) > 0.1 ? `${start}0.1` : found));

function decodeURIComponentOr(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** encodeURIComponent throws on half of a surrogate pair. */
export const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '\ufffd');

const hostileText = (chance: Chance): string => wellFormed(chance.pick(hostileStrings).slice(0, 2000));

const hostilePath = (chance: Chance): string =>
  chance.weighted<() => string>([
    [4, () => encodeURIComponent(hostileText(chance))],
    [1, () => chance.pick(['%', '%zz', '%c0%af', '%ff', '..', '%2e%2e', '..%2f..%2f..%2fetc%2fpasswd', '%00', ';', '*', '//', '%F0%9F%98%80', '\u00e9'])],
  ])();

const spoiledQuery = (chance: Chance, names: readonly string[]): string[] =>
  Array.from({ length: chance.below(3) }, () => {
    const name = names.length > 0 && chance.happens(0.7) ? chance.pick(names) : chance.pick(['__proto__', 'constructor', 'x', 'limit[]', 'cursor[a]', '%ff', '']);
    return `${name}=${chance.pick(['', '-1', '0', '201', '1e3', '0x10', 'NaN', '1,2', '%00', '%', '%ff', '%F0%9F%98%80', 'null', '[]', '2147483648', '9'.repeat(400), encodeURIComponent(hostileText(chance).slice(0, 300))])}`;
  });

/** Puts hostile values in some places of a valid one. */
function spoilJson(value: unknown, chance: Chance): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return chance.happens(0.3) ? hostileValue(chance) : value;
  const members = Object.entries(value).map(([name, member]) => [name, chance.happens(0.25) ? hostileValue(chance) : typeof member === 'object' ? spoilJson(member, chance) : member] as const);
  const kept = members.filter(() => !chance.happens(0.05));
  if (chance.happens(0.1)) kept.push([chance.pick([...hostileStrings.slice(0, 16), 'extra', 'model', 'block', 'project_id']), hostileValue(chance)]);
  return Object.fromEntries(kept);
}

/** Spoils the text itself, as no serializer would. */
function spoilText(text: string, chance: Chance): string | Buffer {
  if (!chance.happens(0.2)) return text;
  return chance.pick<() => string | Buffer>([
    () => '',
    () => text.slice(0, chance.below(text.length)),
    () => text + text,
    () => `[${text}]`,
    () => `\ufeff${text}`,
    () => text.replace('{', '{"project_id":"x",'),
    () => text.replaceAll('"', "'"),
    () => text.replace(/"(\w)/, (_, letter: string) => `"\\u00${letter.charCodeAt(0).toString(16)}`),
    () => text.replace(':', ':'.repeat(3)),
    () => ' \n\t'.repeat(1000) + text,
    () => Buffer.from(text, 'utf16le'),
    () => Buffer.concat([Buffer.from(text.slice(0, -2)), Buffer.from([0xff, 0xfe, 0x00, 0xc0])]),
    () => Buffer.from(Array.from({ length: chance.below(300) }, () => chance.below(256))),
    () => text.replace('"model":{', '"model":{"x":1},"model":{'),
    () => text.replace(/\}$/, ',"model":{"w":[1,2]}}'),
    () => text.replace(/\}$/, ',"model":{"w":[1,2'),
    () => '"just text"',
    () => 'null',
    () => '{'.repeat(10_000),
  ])();
}

function spoilHeaders(request: FuzzRequest, chance: Chance): void {
  const { headers } = request;
  chance.pick<() => void>([
    () => void (headers['Authorization'] = chance.pick(['', 'Bearer', 'Bearer ', 'Basic YTpi', 'null', 'x'.repeat(3000), 'vgu_0000000000000000_x', '\u00ff\u00fe', `${headers['Authorization']}x`, 'bootstrap', `bearer   ${headers['Authorization']}`])),
    () => void delete headers['Authorization'],
    () => void (headers['Content-Type'] = chance.pick(['', 'text/plain', 'application/json; charset=utf-16', 'application/json; charset=latin1', 'application/json;;;', 'APPLICATION/JSON', 'application/jsonp', 'application/problem+json', 'multipart/form-data', 'multipart/form-data; boundary=', 'application/x-www-form-urlencoded', '*/*', 'a/b/c', 'application/json, text/plain'])),
    () => void delete headers['Content-Type'],
    () => void (headers['Content-Encoding'] = chance.pick(['gzip', 'br', 'deflate', 'identity', 'x', ''])),
    () => void (headers['Accept'] = chance.pick(['*/*', 'text/html', 'nonsense', 'application/xml;q=0', ''])),
    () => void (headers['Host'] = chance.pick(['evil.example', '', 'a b', '[::1', '127.0.0.1:99999', 'x'.repeat(500)])),
    () => void (headers['X-Forwarded-For'] = chance.pick(['1.2.3.4', '::1', "'", 'a,'.repeat(500)])),
    () => void (headers['Range'] = chance.pick(['bytes=0-0', 'bytes=-1', 'bytes=5-2', 'bytes=999999-', 'bytes=0-,1-', 'lines=1-2', 'x', `bytes=${'0-1,'.repeat(500)}`])),
    () => void (headers['If-None-Match'] = chance.pick(['*', '""', 'x'])),
    () => void (headers['Last-Event-ID'] = chance.pick(['1', '-1', 'x', '9'.repeat(50)])),
    () => void (headers['Expect'] = chance.pick(['100-continue', '200-ok'])),
    () => void (headers['Connection'] = chance.pick(['close', 'upgrade', 'keep-alive'])),
    () => void (headers['X-Padding'] = 'x'.repeat(chance.below(8000))),
    () => void (headers['X-HTTP-Method-Override'] = 'DELETE'),
    () => void (headers['Origin'] = 'null'),
    () => {
      if (chance.happens(0.8)) delete headers['Authorization'];
      headers['Cookie'] = chance.pick(['__Host-verge=', '__Host-verge=x', `verge=${'x'.repeat(43)}`, '=', ';;;', '__Host-verge', `__Host-verge=${'x'.repeat(5000)}`, '__Host-verge=\u00e9', '__proto__=1']);
      headers['X-Verge-Session'] = chance.pick(['1', '1', '0', '']);
      headers['Sec-Fetch-Site'] = chance.pick(['same-origin', 'cross-site', '', '?']);
    },
  ])();
}

/** Uploads and downloads, by tickets that are good, stale or tampered with. */
function transferRequest(chance: Chance, slots: Slots): FuzzRequest {
  if (chance.happens(0.4)) return { about: 'download', method: chance.pick(['GET', 'GET', 'HEAD']), path: `/v1/download?${tampered(chance.pick(slots.downloads), chance)}`, headers: {} };
  const fields = chance.pick(slots.uploads);
  const bytes = chance.pick<Buffer>([
    Buffer.from('{"w":[1,2]}'),
    Buffer.from('{"w":[1,[2]]}'),
    Buffer.from('{"w":'),
    Buffer.alloc(0),
    Buffer.alloc(8),
    Buffer.from([255, 255, 255, 255, 255, 255, 255, 127, 123]),
    Buffer.from([2, 0, 0, 0, 0, 0, 0, 0, 123, 125]),
    Buffer.from([16, 0, 0, 0, 0, 0, 0, 0, ...Buffer.from('{"a":{"dtype":1}}')]),
    Buffer.from('['.repeat(5000)),
    Buffer.from('{"__proto__":[1]}'),
  ]);
  if (chance.happens(0.4)) {
    const query = tampered(new URLSearchParams(fields).toString(), chance);
    const type = chance.pick(['application/octet-stream', 'application/json', 'text/plain', '']);
    return { about: 'upload raw', method: 'PUT', path: `/v1/upload?${query}`, headers: type ? { 'Content-Type': type } : {}, body: bytes };
  }
  return formRequest(fields, bytes, chance);
}

function formRequest(fields: Readonly<Record<string, string>>, bytes: Buffer, chance: Chance): FuzzRequest {
  const boundary = chance.pick(['part', 'part', 'part', '----x', "'()+_,-./:=?", 'a'.repeat(70)]);
  const entries = Object.entries(fields).map(([name, value]) => [chance.happens(0.05) ? chance.pick(['__proto__', 'KEY', '', 'toString']) : name, chance.happens(0.1) ? tampered(value, chance) : value]);
  if (chance.happens(0.05)) entries.push(...Array.from({ length: 30 }, (_, index) => [`f${index}`, 'x']));
  if (chance.happens(0.05)) entries.push(['big', 'x'.repeat(20_000)]);
  const parts = entries.map(([name, value]) => Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`));
  const fileName = chance.pick(['file', 'file', 'file', 'file', 'other', '', '__proto__']);
  const file = [Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${fileName}"; filename="m"\r\nContent-Type: application/octet-stream\r\n\r\n`), bytes, Buffer.from('\r\n')];
  const end = Buffer.from(`--${boundary}--\r\n`);
  const whole = chance.pick<() => Buffer[]>([
    () => [...parts, ...file, end],
    () => [...parts, ...file, end],
    () => [...parts, ...file, end],
    () => [...file, ...parts, end],
    () => [...parts, end],
    () => [...parts, ...file],
    () => [...parts, ...file, ...file, end],
    () => [...parts, ...file, end, ...file, end],
    () => [...parts, file[0]!],
    () => [end],
    () => [],
    () => [Buffer.from(`--${boundary}\r\n`), ...parts],
    () => [Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name*=utf-8''%ff\r\n${'X-H: y\r\n'.repeat(3000)}\r\n`), end],
  ])();
  let body = Buffer.concat(whole);
  if (chance.happens(0.15)) body = body.subarray(0, chance.below(body.length + 1));
  const type = chance.happens(0.05) ? 'multipart/form-data' : `multipart/form-data; boundary=${boundary.length > 20 || /^[\w-]+$/.test(boundary) ? boundary : `"${boundary}"`}`;
  return { about: 'upload form', method: 'POST', path: '/v1/upload', headers: { 'Content-Type': type }, body };
}

/** A ticket, mostly with a letter changed, cut off or doubled. */
function tampered(text: string, chance: Chance): string {
  const at = chance.below(text.length + 1);
  return chance.pick<() => string>([
    () => text,
    () => text,
    () => text.slice(0, at),
    () => text.slice(0, at) + chance.pick(['A', 'z', '.', '%', '=', '\u00e9']) + text.slice(at + 1),
    () => `${text}&${text}`,
    () => text.replace('ticket', 'ticket[]'),
    () => text.replace(/ticket=[^&]*/, `ticket=${chance.pick(['', '.', 'e30.', `${Buffer.from('{"purpose":"download"}').toString('base64url')}.AAAA`, '\u00ff'])}`),
    () => `${text}.${text}`,
  ])();
}

/** Paths that are not the contract's. */
function otherRequest(chance: Chance, slots: Slots): FuzzRequest {
  const path = chance.pick([
    '/',
    '//',
    '/v1',
    '/v1/',
    '/v1/experiment',
    '/v1/experiment/get',
    '/v1/experiment/get/',
    `/v1/experiment/get/${slots.places[0]!.ids['project_id']![0]}/${slots.places[0]!.ids['experiment_id']![0]}/`,
    '/V1/PROJECT/LIST',
    '/v1/project/list/',
    '/../../etc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/docs/../../package.json',
    '/docs/%2e%2e%2fpackage.json',
    '/docs/package.json',
    '/docs.html',
    '/docs',
    '/docs/',
    '/docs/%ff',
    '/docs/%00',
    '/openapi.json',
    '/openapi.json?url=javascript:alert(1)',
    '/llms.txt',
    '/problems',
    '/metrics',
    '/livez',
    '/readyz',
    '/favicon.ico',
    '/%',
    '/%ff%fe',
    '/\u00e9',
    `/${'a/'.repeat(500)}`,
    `/${'a'.repeat(6000)}`,
    '/__proto__',
    '/constructor',
    '/v1/upload',
    '/v1/download',
    '*',
    'http://evil.example/v1/project/list',
  ]);
  return { about: 'other', method: chance.pick(['GET', 'GET', 'GET', 'POST', 'HEAD', 'OPTIONS']), path, headers: chance.happens(0.5) ? { Authorization: chance.pick(slots.userKeys) } : {} };
}
