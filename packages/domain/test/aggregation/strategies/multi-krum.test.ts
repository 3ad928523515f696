import { describe, expect, it } from 'vitest';
import { combined, elementsOf, valuesOf } from '../../support/round.js';

const multiKrum = (parameters: object, updates: number[], counts?: number[]) =>
  valuesOf('F64', combined({ type: 'MultiKrum', ...parameters }, 'F64', updates.map((value) => elementsOf('F64', [value])), counts))[0];

describe('MultiKrum', () => {
  it('is the mean of as many updates as are left without the malicious ones and two more', () => {
    expect(multiKrum({ num_malicious: 1 }, [1, 2, 3, 4, 1000])).toBe(2.5);
  });

  it('takes as many as it is told to', () => {
    expect(multiKrum({ num_malicious: 1, num_selected: 1 }, [1, 2, 3, 4, 1000])).toBe(2);
    expect(multiKrum({ num_malicious: 0, num_selected: 4 }, [1, 2, 3, 6])).toBe(3);
  });

  it('asks for nobody\'s number of examples unless it is told to', () => {
    expect(multiKrum({ num_malicious: 1 }, [1, 2, 3, 4, 1000], [1, 1, 2 ** 50, 1, 1])).toBe(2.5);
    expect(multiKrum({ num_malicious: 1, weighting: 'examples' }, [1, 2, 3, 4, 1000], [1, 1, 3, 1, 2 ** 50])).toBe(2.75);
  });
});
