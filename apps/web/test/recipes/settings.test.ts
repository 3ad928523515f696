import { describe, expect, it } from 'vitest';
import { readPlan, readSettings, recipeOf, requireRecipe } from '../../src/recipes/settings.js';

describe('hyperparameters', () => {
  it('name the recipe, or it is said why a tab cannot train', () => {
    expect(requireRecipe({ recipe: 'digits' })).toBe('digits');
    expect(recipeOf({ recipe: 'mine' })).toBeUndefined();
    expect(() => requireRecipe({})).toThrow('names no recipe');
    expect(() => requireRecipe({ recipe: 'mine' })).toThrow('this tab does not have: “mine”. It has digits and csv.');
  });

  it('may leave settings out, and none may be such that a training never ends', () => {
    expect(readSettings({})).toEqual({ learning_rate: 0.01, epochs: 1 });
    for (const wrong of [{ learning_rate: 0 }, { learning_rate: '0.1' }, { learning_rate: 11 }, { epochs: 0 }, { epochs: 1.5 }, { epochs: 1e9 }, { epochs: null }]) expect(() => readSettings(wrong)).toThrow(RangeError);
  });

  it('of a table say columns and target, or are refused', () => {
    const columns = [{ name: 'a', mean: 0, spread: 1 }];
    expect(readPlan({ columns, target: { name: 'b', classes: ['x', 'y'] } })).toEqual({ columns, target: { name: 'b', classes: ['x', 'y'] } });
    expect(readPlan({ columns, target: { name: 'b', mean: 1, spread: 2 } })).toMatchObject({ target: { mean: 1 } });
    for (const wrong of [{}, { columns }, { columns: [], target: columns[0] }, { columns: [{ name: 'a', mean: 0, spread: 0 }], target: columns[0] }, { columns, target: { name: 'b', classes: ['x'] } }, { columns, target: { name: 'b' } }]) {
      expect(() => readPlan(wrong)).toThrow('which columns to learn from');
    }
  });
});
