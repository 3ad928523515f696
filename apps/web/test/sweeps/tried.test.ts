import { describe, expect, it } from 'vitest';
import { emptyTried, gridSize, readTried, type Tried } from '../../src/routes/p/sweeps/new/tried.js';

const row = (name: string, more: Partial<Tried> = {}): Tried => ({ ...emptyTried(), name, ...more });

describe('hyperparameters to try, as somebody types them', () => {
  it.each<[string, unknown[]]>([
    ['0.1, 0.01', [0.1, 0.01]],
    ['sgd, adam', ['sgd', 'adam']],
    ['[64], [64, 32]', [[64], [64, 32]]],
    ['true, none', [true, 'none']],
    ['"1", "a, b"', ['1', 'a, b']],
    ['7', [7]],
    ['12345678901234567890', [12345678901234567890n]],
  ])('are values with commas between them: %s', (values, expected) => {
    expect(readTried([row('x', { values })], 'grid')).toEqual({ space: { x: { values: expected } } });
  });

  it('are bounds for what is drawn at random; a grid takes the values that were typed', () => {
    const rows = [row('lr', { as: 'log', min: '1e-4', max: '0.1', values: '1, 2' }), row('momentum', { as: 'linear', min: '0', max: '0.9', values: '3' })];
    expect(readTried(rows, 'random')).toEqual({ space: { lr: { min: 0.0001, max: 0.1, scale: 'log' }, momentum: { min: 0, max: 0.9 } } });
    expect(readTried(rows, 'grid')).toEqual({ space: { lr: { values: [1, 2] }, momentum: { values: [3] } } });
  });

  it('leave out rows in which nothing was typed', () => {
    expect(readTried([row('lr', { values: '1' }), row('')], 'grid').space).toEqual({ lr: { values: [1] } });
  });

  it.each<[string, Tried[]]>([
    ['Name a hyperparameter', [row('')]],
    ['A row has no name.', [row('', { values: '1' })]],
    ['“a” is there twice.', [row('a', { values: '1' }), row('a', { values: '2' })]],
    ['“a” has no values yet.', [row('a', { values: ' ' })]],
    ['“a” has no two bounds yet.', [row('a', { as: 'log', min: '1', values: '1' })]],
  ])('say why they are none yet: %s', (why, rows) => {
    expect(readTried(rows, 'random').why).toContain(why);
  });

  it('of a grid are as many as there are combinations', () => {
    expect(gridSize(readTried([row('a', { values: '1, 2, 3' }), row('b', { values: 'x, y' })], 'grid').space!)).toBe(6);
  });
});
