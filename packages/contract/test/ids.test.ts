import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { experimentId as id } from './support/documented.js';
import { all, faults, requestSchema } from './support/route.js';

/** Every place in a request where an id of the project's things stands, as `job.get pathParams project_id`. */
const places = all.flatMap(({ name, route }) =>
  (['pathParams', 'body'] as const).flatMap((part) => {
    const schema = (route as unknown as Record<string, unknown>)[part];
    if (!(schema instanceof z.ZodObject)) return [];
    return Object.keys(schema.shape)
      .filter((key) => /^(project|experiment|job|sweep|device|user)_id$/.test(key))
      .map((key) => ({ name, part, key }));
  }),
);

const accepts = ({ name, part, key }: (typeof places)[number], value: unknown) => !faults(requestSchema(name, part), { [key]: value }).includes(key);

const malformed = [
  '', 'NONE', id.toUpperCase(), id.slice(1), `${id}0`, `g${id.slice(1)}`, ` ${id}`, `${id}\n`, `${id}\n${id}`, `0x${id.slice(2)}`,
  '64fb44b2-5e0d-48d2-b74e-120513687bd7', '../../etc/passwd', '０'.repeat(32), `${id.slice(1)}\0`, 7, true, null, [id], { $ne: id },
];

describe('an id in a request', () => {
  it('stands in every path parameter and where the reference names one', () => {
    expect(places.length).toBeGreaterThanOrEqual(60);
    for (const { name, route } of all)
      for (const [, key] of route.path.matchAll(/:(\w+)/g)) expect(places).toContainEqual({ name, part: 'pathParams', key });
  });

  it.each(places)('is 32 lowercase hex characters in $name $key', (place) => {
    expect(accepts(place, id)).toBe(true);
    for (const value of malformed) expect(accepts(place, value), JSON.stringify(value)).toBe(false);
  });

  it('is refused as any other text', () => {
    const schema = requestSchema('project.get', 'pathParams');
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.string({ unit: fc.constantFrom(...'0123456789abcdefABCDEFg\n'), maxLength: 34 })), (text) => {
        expect(schema.safeParse({ project_id: text }).success).toBe(text.length === 32 && [...text].every((character) => '0123456789abcdef'.includes(character)));
      }),
    );
  });

  it('is also how a fork names a job, besides start, current and best', () => {
    const from = (value: unknown) => faults(requestSchema('experiment.fork', 'body'), { project_id: id, experiment_id: id, from: value });
    for (const value of ['start', 'current', 'best', id]) expect(from(value)).toEqual([]);
    for (const value of ['START', 'first', '', id.toUpperCase(), 1, null]) expect(from(value), JSON.stringify(value)).toEqual(['from']);
  });
});
