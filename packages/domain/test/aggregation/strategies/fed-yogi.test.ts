import { describe, expect, it } from 'vitest';
import { stepped } from '../../support/stepped.js';

describe('FedYogi', () => {
  it('steps by a second moment that moves towards the square by a share of the square', () => {
    // v = 1e-6 + 0.01·4, since 4 lies above it
    expect(stepped({ type: 'FedYogi' }, [2])[0]).toBeCloseTo((0.1 * 0.2) / (Math.sqrt(1e-6 + 0.04) + 1e-3), 15);
  });

  it('lets the second moment fall no faster than it rises', () => {
    const parameters = { type: 'FedYogi', beta_1: 0, beta_2: 0.5, initial_accumulator: 100, tau: 1e-12 };
    // v = 100 − 0.5·1
    expect(stepped(parameters, [1])[0]).toBeCloseTo(0.1 / Math.sqrt(99.5), 12);
  });
});
