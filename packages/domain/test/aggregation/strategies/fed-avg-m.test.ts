import { describe, expect, it } from 'vitest';
import { outcomeOf } from '../../support/round.js';
import { stepped } from '../../support/stepped.js';

describe('FedAvgM', () => {
  it('goes on in the direction of the rounds before', () => {
    // m = 1, then 0.9 + 1 = 1.9
    expect(stepped({ type: 'FedAvgM' }, [1, 1])).toEqual([1, 2.9]);
    expect(stepped({ type: 'FedAvgM', server_learning_rate: 0.5, server_momentum: 0.5 }, [4, 0])).toEqual([2, 3]);
  });

  it('is federated averaging without momentum and at a rate of 1', () => {
    expect(stepped({ type: 'FedAvgM', server_momentum: 0 }, [3, -5, 0.25])).toEqual([3, -2, -1.75]);
  });

  it('needs the start model and what the last round left', () => {
    expect(() => outcomeOf('FedAvgM', { tensors: [], updates: [{ read: () => {}, numExamples: null }] })).toThrow(RangeError);
  });
});
