import { describe, expect, it } from 'vitest';
import { stepped } from '../../support/stepped.js';

describe('FedAdagrad', () => {
  it('steps ever shorter where it has gone far', () => {
    const [first, second] = stepped({ type: 'FedAdagrad', initial_accumulator: 0, tau: 1e-12 }, [3, 3]);
    expect(first).toBeCloseTo(0.03, 12);
    expect(second! - first!).toBeCloseTo(0.03 / Math.sqrt(2), 12);
  });
});
