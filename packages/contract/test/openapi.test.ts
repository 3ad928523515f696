import { readFile } from 'node:fs/promises';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { contract, eventCatalogue, eventTypes, openApiDocument, transferRoutes, type EventType } from '../src/index.js';
import { experiment, job, project } from './support/documented.js';
import { all } from './support/route.js';

type Json = Record<string, unknown>;
interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly schema: Json;
}
interface Described {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly required: boolean; readonly content: Record<string, { schema: Json }> };
  readonly responses: Record<string, { content?: Record<string, { schema?: Json }> }>;
  readonly security: readonly Json[];
  readonly 'x-printed-status'?: number;
}

// Through JSON, as a reader gets it.
const document = JSON.parse(JSON.stringify(openApiDocument({ ...contract }, { version: '1.2.3', serverUrl: 'https://api.example' }))) as {
  readonly openapi: string;
  readonly info: Json;
  readonly servers: readonly Json[];
  readonly paths: Record<string, Record<string, Described>>;
  readonly components: { readonly securitySchemes: Json };
};

const described = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation, id: operation.operationId })),
);
const find = (id: string) => described.find((operation) => operation.id === id)!.operation;

/** Every schema of the document with where it stands, those of properties and items too. */
function schemas(value: unknown, where: string): Array<{ where: string; schema: Json }> {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => [
    ...(key === 'schema' || key === 'items' || where.endsWith('/properties') ? [{ where: `${where}/${key}`, schema: member as Json }] : []),
    ...schemas(member, `${where}/${key}`),
  ]);
}
const allSchemas = schemas(document, '#');
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, formats: { binary: true } });

describe('the OpenAPI document', () => {
  it('is valid by the schema of OpenAPI 3.1', async () => {
    const validator = new Validator();
    expect((await validator.validate(structuredClone(document) as unknown as Json)).errors).toBeUndefined();
    expect(validator.version).toBe('3.1');
  });

  it('says which version of the API it is and where that is', () => {
    expect(document.info).toMatchObject({ version: '1.2.3' });
    expect(document.servers).toEqual([{ url: 'https://api.example' }]);
  });

  it('has every route of the contract and of the byte transfers once', () => {
    const routes = [...all.map(({ route }) => route), ...Object.values(transferRoutes)];
    const inWords = described.map(({ path, method }) => `${method.toUpperCase()} ${path}`);
    expect(inWords.sort()).toEqual(routes.map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`).sort());
  });

  it('names each operation once, as the contract does', () => {
    const names = [...all.map(({ name }) => name), ...Object.keys(transferRoutes).map((name) => `transfer.${name}`)];
    expect(described.map(({ id }) => id).sort()).toEqual(names.sort());
  });

  it.each(described)('has a summary, a tag and the parameters of the path for $id', ({ path, operation }) => {
    expect(operation.summary).toMatch(/^[A-Z].{5,}[^.]$/);
    expect(operation.tags).toHaveLength(1);
    const inPath = operation.parameters.filter((parameter) => parameter.in === 'path');
    expect(inPath.map(({ name }) => `{${name}}`)).toEqual(path.match(/\{\w+\}/g) ?? []);
    expect(inPath.every(({ required }) => required)).toBe(true);
    const names = operation.parameters.map((parameter) => `${parameter.in} ${parameter.name}`);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(all)('has the body, the answers and the printed status of $name', ({ name, route, metadata }) => {
    const operation = find(name);
    expect(Object.keys(operation.responses).sort()).toEqual([...Object.keys(route.responses), 'default'].sort());
    expect(operation['x-printed-status']).toBe(metadata.statusCode);
    expect(operation.requestBody !== undefined).toBe(route.method === 'POST');
  });

  it('lets a request body be left out only where all of it may be', () => {
    const optional = described.filter(({ operation }) => operation.requestBody?.required === false).map(({ id }) => id);
    expect(optional.sort()).toEqual(['auth.create', 'auth.create_key', 'auth.create_session', 'auth.create_sign_in_code', 'auth.delete_session', 'user.create']);
  });

  it('takes an Idempotency-Key of at most 255 characters on every POST of the contract that sets no cookie, and nowhere else', () => {
    const taking = described.filter(({ operation }) => operation.parameters.some(({ name }) => name === 'Idempotency-Key'));
    expect(taking.map(({ id }) => id).sort()).toEqual(all.filter(({ route, metadata }) => route.method === 'POST' && !metadata.setsCookie).map(({ name }) => name).sort());
    for (const { operation } of taking)
      expect(operation.parameters).toContainEqual(expect.objectContaining({ name: 'Idempotency-Key', in: 'header', required: false, schema: { type: 'string', maxLength: 255 } }));
  });

  it('asks for a key in the Authorization header or a session in a cookie, except where the ticket is the right', () => {
    expect(document.components.securitySchemes).toMatchObject({
      key: { type: 'apiKey', in: 'header', name: 'Authorization' },
      session: { type: 'apiKey', in: 'cookie', name: '__Host-verge' },
      sessionHeader: { type: 'apiKey', in: 'header', name: 'X-Verge-Session' },
    });
    const session = { session: [], sessionHeader: [] };
    const others: Record<string, Json[]> = { 'auth.create_session': [{ key: [] }, {}], 'auth.delete_session': [session] };
    const devicesOnly = all.filter(({ metadata }) => metadata.access.who === 'device').map(({ name }) => name);
    for (const { id, operation } of described) {
      const usual = id.startsWith('transfer.') ? [] : devicesOnly.includes(id) ? [{ key: [] }] : [{ key: [] }, session];
      expect(operation.security, id).toEqual(others[id] ?? usual);
    }
  });

  it('has every $ref lead somewhere', () => {
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => ref!);
    expect(refs.length).toBeGreaterThan(0);
    for (const ref of new Set(refs)) {
      expect(ref).toMatch(/^#\//);
      const target = ref.slice(2).split('/').reduce<unknown>((value, key) => (value as Json | undefined)?.[key], document);
      expect(target, ref).toBeTypeOf('object');
    }
  });
});

describe('the schemas of the OpenAPI document', () => {
  it('are JSON Schema without an unknown keyword', () => {
    expect(allSchemas.length).toBeGreaterThan(100);
    for (const { where, schema } of allSchemas) expect(() => ajv.compile(schema), where).not.toThrow();
  });

  it('say something: none is empty, and each has a type or alternatives', () => {
    const silent = allSchemas.filter(({ schema }) => !['type', 'anyOf', 'oneOf', '$ref'].some((keyword) => keyword in schema));
    expect(silent.map(({ where }) => where)).toEqual([]);
  });

  it('refuse unknown keys in every request', () => {
    for (const { id, operation } of described) {
      const schema = operation.requestBody?.content['application/json']?.schema;
      if (schema) expect(schema['additionalProperties'], id).toBe(false);
    }
  });

  it.each([
    ['experiment.get', experiment],
    ['job.get', job],
    ['project.get', project],
  ])('describe the documented answer of %s exactly', (id, answer) => {
    const accepts = ajv.compile(find(id).responses['200']!.content!['application/json']!.schema!);
    expect(accepts(answer)).toBe(true);
    expect(accepts({ ...answer, extra: 1 })).toBe(false);
    for (const key of Object.keys(answer)) expect(accepts(Object.fromEntries(Object.entries(answer).filter(([name]) => name !== key))), key).toBe(false);
  });

  it('describe the least a job can be created with', () => {
    const accepts = ajv.compile(find('job.create').requestBody!.content['application/json']!.schema);
    const least = { project_id: job.project_id, experiment_id: job.experiment_id, num_devices: 1 };
    expect(accepts(least)).toBe(true);
    for (const num_devices of [0, 1.5, '1', true]) expect(accepts({ ...least, num_devices }), String(num_devices)).toBe(false);
    expect(accepts({ ...least, project_id: job.project_id.toUpperCase() })).toBe(false);
  });
});

describe('the event log in the OpenAPI document is a union', () => {
  const answer = find('experiment.events').responses['200']!.content!['application/json']!.schema as { properties: { data: { items: Json } } };
  const [{ oneOf: known }, unknown] = answer.properties.data.items['anyOf'] as [{ oneOf: Array<{ title: string; description: string; properties: { type: Json } }> }, Json];
  const accepts = ajv.compile(answer.properties.data.items);

  it('in which `type` tells the entries of the catalogue apart, each with a sentence', () => {
    expect(known.map(({ properties }) => properties.type)).toMatchObject(eventTypes.map((type) => ({ type: 'string', const: type })));
    expect(known.map(({ title }) => title)).toEqual(eventTypes);
    for (const { description } of known) expect(description).toMatch(/^[A-Z].+\.$/);
  });

  it('that takes each example of the fixtures and no other ids or data for its type', async () => {
    const { events } = JSON.parse(await readFile(new URL('../fixtures/events.json', import.meta.url), 'utf8')) as { events: Json[] };
    for (const event of events) {
      expect(accepts(event), JSON.stringify(event)).toBe(true);
      expect(accepts({ ...event, data: { ...(event['data'] as Json), added: 1 } })).toBe(true);
      expect(accepts({ ...event, data: { type: 1, reason: 1, name: 1, sequence: 1, updates: '1' } })).toBe(Object.keys(event['data'] as Json).length === 0);
      expect(accepts({ ...event, job_id: event['job_id'] === null ? 'j' : null })).toBe(eventCatalogue[event['type'] as EventType].about === 'model');
      expect(accepts({ ...event, device_id: event['device_id'] === null ? 'd' : null })).toBe(false);
    }
  });

  it('that ends with what a newer server writes, so that nobody takes it for closed', () => {
    expect(unknown).toMatchObject({ title: 'unknown', properties: { type: { type: 'string', not: { enum: eventTypes } } } });
    const entry = { sequence: 1, job_id: 'j', device_id: null, actor_id: null, key_id: null, data: { any: [] }, created_at: '' };
    expect(accepts({ ...entry, type: 'job_paused' })).toBe(true);
    expect(accepts({ ...entry, type: 'job_failed' })).toBe(false);
  });
});
