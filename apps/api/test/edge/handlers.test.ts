import { contract, operations } from '@vergeai/contract';
import { describe, expect, it } from 'vitest';
import { implementations } from '../../src/features/index.js';
import { behind, implement, type Handlers } from '../../src/http/implement.js';

describe('what the contract promises', () => {
  it('has a handler each, and every resource is there', () => {
    expect(implementations.map(({ resource }) => resource).sort()).toEqual(Object.keys(contract).sort());
    for (const implementation of implementations)
      for (const { name } of operations(contract[implementation.resource])) expect(behind(implementation, name).handler, `${implementation.resource}.${name}`).toBeTypeOf('function');
  });

  it('does not compile without one, and no server starts that was built all the same', () => {
    // @ts-expect-error an operation is left out
    const partial: Handlers<typeof contract.user> = {};
    expect(() => behind(implement('user', partial), 'create')).toThrow('user.create is in the contract and has no handler');
  });
});
