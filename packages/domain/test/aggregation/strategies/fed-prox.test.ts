import { describe, expect, it } from 'vitest';
import { combined, elementsOf } from '../../support/round.js';

describe('FedProx', () => {
  it('does with the updates what federated averaging does: it is the devices that train otherwise', () => {
    const updates = [[1, -2], [3, 5], [0.25, 1e-9]].map((update) => elementsOf('F64', update));
    expect(combined({ type: 'FedProx' }, 'F64', updates, [1, 2, 7])).toEqual(combined('FedAvg', 'F64', updates, [1, 2, 7]));
  });
});
