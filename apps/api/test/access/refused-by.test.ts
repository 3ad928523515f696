import { existsSync, readFileSync } from 'node:fs';
import { contract, operations, refusals, refusedBy } from '@vergeai/contract';
import { describe, expect, it } from 'vitest';

/** Where an operation stands, by its name: `job.create` is `features/jobs/create.ts`. */
const featureOf = (name: string) => {
  const [resource, verb] = name.split('.') as [string, string];
  const file = new URL(`../../src/features/${resource === 'auth' ? resource : `${resource}s`}/${verb.replaceAll('_', '-')}.ts`, import.meta.url);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
};

describe('the contract tells of each operation', () => {
  it.each(operations({ ...contract }))('$name for which reasons it may be refused', (operation) => {
    const source = featureOf(operation.name);
    const thrown = Array.from(source.matchAll(/new Refusal\('(\w+)'/g), ([, code]) => code);
    const told = Array.from(source.matchAll(/Throws a Refusal:?([^.]*)\./g), ([, codes]) => Array.from(codes!.matchAll(/`(\w+)`/g), ([, code]) => code)).flat();
    const known = [...new Set([...thrown, ...told])].filter((code) => Object.hasOwn(refusals, code!) && code !== 'invalid_request' && code !== 'conflict' && code !== 'key_invalid' && code !== 'busy');
    expect(refusedBy(operation)).toEqual(expect.arrayContaining(known));
  });
});
