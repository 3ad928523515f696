import { describe, expect, it } from 'vitest';
import { drawChoices, gridOf, readSearchSpace, withValue, type Choice } from '../../src/index.js';
import { testSeed } from '@vergeai/testkit';

const objects = (choices: readonly Choice[]) => choices.map((choice) => Object.fromEntries(choice));

describe('a search space', () => {
  it('makes a grid of every choice, in the order of its values, the last dimension first, letter for letter', () => {
    const space = readSearchSpace('{ "lr": {"values": [ 1.0, 1e-3 ]}, "optimizer.name": {"values": ["sgd", null, {"a": [1, 2]}]} }');
    expect(objects(gridOf(space))).toEqual(
      ['1.0', '1e-3'].flatMap((lr) => ['"sgd"', 'null', '{"a":[1,2]}'].map((name) => ({ lr, 'optimizer.name': name }))),
    );
  });

  it('makes no grid where a dimension lies between bounds', () => {
    expect(() => gridOf(readSearchSpace('{"a":{"values":[1]},"b":{"min":0,"max":1}}'))).toThrow(RangeError);
  });

  it('draws the same for the same seed, of more the same first, and others for another seed', () => {
    const seed = Math.floor(testSeed('a search space') % 2 ** 31);
    const space = readSearchSpace('{"lr":{"min":0.0001,"max":1,"scale":"log"},"momentum":{"min":0,"max":0.99},"batch":{"values":[16,32,64]}}');
    const drawn = objects(drawChoices(space, 20, seed));
    expect(objects(drawChoices(space, 20, seed))).toEqual(drawn);
    expect(objects(drawChoices(space, 50, seed)).slice(0, 20)).toEqual(drawn);
    expect(objects(drawChoices(space, 20, seed + 1))).not.toEqual(drawn);
  });

  it('is drawn from evenly: on a logarithmic scale each power of ten is as likely, on a linear one each tenth', () => {
    const space = readSearchSpace('{"log":{"min":1e-4,"max":1,"scale":"log"},"linear":{"min":-5,"max":5,"scale":"linear"},"value":{"values":["a","b","c","d"]}}');
    const drawn = objects(drawChoices(space, 8000, 7)).map(({ log, linear, value }) => ({ log: Number(log), linear: Number(linear), value: value! }));
    for (const { log, linear } of drawn) {
      expect(log >= 1e-4 && log <= 1).toBe(true);
      expect(linear >= -5 && linear <= 5).toBe(true);
    }
    // Five standard deviations of a binomial with p = 1/4.
    const aboutAQuarter = (count: number) => expect(Math.abs(count - 2000)).toBeLessThan(5 * Math.sqrt(8000 * 0.25 * 0.75));
    for (let power = -4; power < 0; power++) aboutAQuarter(drawn.filter(({ log }) => log >= 10 ** power && log < 10 ** (power + 1)).length);
    for (let from = -5; from < 5; from += 2.5) aboutAQuarter(drawn.filter(({ linear }) => linear >= from && linear < from + 2.5).length);
    for (const each of ['"a"', '"b"', '"c"', '"d"']) aboutAQuarter(drawn.filter(({ value }) => value === each).length);
  });

  it('stays within bounds that are as far apart as numbers can be, or as near', () => {
    for (const [min, max, scale] of [[-Number.MAX_VALUE, Number.MAX_VALUE, 'linear'], [Number.MIN_VALUE, Number.MAX_VALUE, 'log'], [0.1, 0.1 + 2 ** -56, 'log'], [3, 3.0000000000000004, 'log']] as const) {
      const space = readSearchSpace(JSON.stringify({ a: { min, max, scale } }));
      for (const choice of drawChoices(space, 500, 1)) {
        const number = Number(choice.get('a'));
        expect(number >= min && number <= max, `${number} of ${min} to ${max}`).toBe(true);
      }
    }
  });
});

describe('a value in hyperparameters', () => {
  it('takes the place of the one that is there, and leaves everything else as it is written', () => {
    expect(withValue('{"seed": 9007199254740993, "lr": 1.0, "n":1e3}', 'lr', '0.5')).toBe('{"seed":9007199254740993,"lr":0.5,"n":1e3}');
    expect(withValue('{}', 'lr', '0.5')).toBe('{"lr":0.5}');
  });

  it('goes into an object by a path with dots, which is made when it is missing', () => {
    expect(withValue('{"optimizer":{"name":"sgd","lr":1}}', 'optimizer.lr', '2')).toBe('{"optimizer":{"name":"sgd","lr":2}}');
    expect(withValue('{"a":1}', 'optimizer.decay.rate', '2')).toBe('{"a":1,"optimizer":{"decay":{"rate":2}}}');
  });

  it('has no place within what is not an object', () => {
    expect(withValue('{"a":1}', 'a.b', '2')).toBeUndefined();
    expect(withValue('{"a":[1]}', 'a.0', '2')).toBeUndefined();
  });
});
