import { describe, expect, it } from 'vitest';
import { searchName } from '../../src/index.js';

describe('a name to search for', () => {
  it('is the same whether in capitals, and however its letters are put together', () => {
    expect(searchName('ÜBER Größe')).toBe(searchName('u\u0308ber Gr\u00f6ße'));
    expect(searchName('ΑΒΓ Ж')).toBe('αβγ ж');
  });

  it('keeps apart what are other letters', () => {
    expect(new Set(['a', 'ä', 'b', 'a ', '0'].map(searchName)).size).toBe(5);
  });
});
