import { describe, expect, it } from 'vitest';
import { stepped } from '../../support/stepped.js';

describe('FedAdam', () => {
  it('steps by the first moment over the root of the second', () => {
    // m = 0.1·2, v = 0.99·1e-6 + 0.01·4
    expect(stepped({ type: 'FedAdam' }, [2])[0]).toBeCloseTo((0.1 * 0.2) / (Math.sqrt(0.99e-6 + 0.04) + 1e-3), 15);
  });

  it('steps equally far wherever directions are steady and large, whatever their size', () => {
    const far = stepped({ type: 'FedAdam', beta_1: 0, beta_2: 0, tau: 1e-12 }, [5, 500, 5e-3]);
    expect(far[0]).toBeCloseTo(0.1, 9);
    expect(far[1]).toBeCloseTo(0.2, 9);
    expect(far[2]).toBeCloseTo(0.3, 9);
  });

  it('makes up for moments that began at 0 when it is told to', () => {
    // Corrected, the first step is the whole rate, in the first round as in every other.
    expect(stepped({ type: 'FedAdam', bias_correction: true, initial_accumulator: 0, tau: 1e-12 }, [3])[0]).toBeCloseTo(0.1, 9);
    expect(stepped({ type: 'FedAdam', initial_accumulator: 0, tau: 1e-12 }, [3])[0]).toBeCloseTo(0.1 * (0.1 / Math.sqrt(0.01)), 9);
  });
});
