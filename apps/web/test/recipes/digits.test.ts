import { describe, expect, it } from 'vitest';
import { HELD_OUT, digitsFromBytes, PIXELS, SIDE } from '../../src/recipes/digits/digits.js';
import { normalise } from '../../src/recipes/digits/normalise.js';
import { digitsSettings, openDigits } from '../../src/recipes/digits/open-digits.js';
import { digitsOf, labelsAtHome } from '../../src/recipes/digits/share-digits.js';
import { evaluate } from '../../src/recipes/network/evaluate.js';
import { train } from '../../src/recipes/network/train.js';
import { makeDigits } from '../../build/make-digits.js';

const bytes = makeDigits();
const { labels } = digitsFromBytes(bytes);

describe('the digits', () => {
  it('are 2,000 to train on and 400 to judge by, of each label as many', () => {
    const counts = (some: Uint8Array) => Array.from({ length: 10 }, (_, label) => some.filter((one) => one === label).length);
    expect(labels.length).toBe(2000 + HELD_OUT);
    expect(counts(labels.subarray(0, 2000))).toEqual(Array(10).fill(200));
    expect(counts(labels.subarray(2000))).toEqual(Array(10).fill(40));
  });

  it('are shared out among the devices of a tab, each digit to one', () => {
    for (const difference of [0, 0.5, 1]) {
      const shares = [0, 1, 2, 3].map((device) => digitsOf(labels, { device, devices: 4, difference, seed: 7 }));
      expect(shares.flat().toSorted((one, other) => one - other)).toEqual(Array.from(labels.keys()));
    }
  });

  it('go by their label as far as the devices are to differ', () => {
    const atHome = (difference: number) => {
      const place = { device: 1, devices: 4, difference, seed: 7 };
      const mine = digitsOf(labels, place);
      return mine.filter((index) => labelsAtHome(place).includes(labels[index]!)).length / mine.length;
    };
    expect(atHome(1)).toBe(1);
    expect(atHome(0.5)).toBeGreaterThan(0.5);
    expect(atHome(0)).toBeLessThan(0.3);
  });

  it('are learnt: one job of one device names more than four in five that it has not seen', async () => {
    const recipe = openDigits(bytes);
    const model = recipe.startModel(1);
    const before = evaluate(model, recipe.task, recipe.heldOut);
    const share = recipe.shareOf({ device: 0, devices: 1, difference: 0.5, seed: 1 });
    await train(model, recipe.task, share, digitsSettings, 1, { signal: new AbortController().signal, onProgress: () => {} });
    expect(share.count).toBe(2000);
    expect(before.value).toBeLessThan(0.3);
    expect(evaluate(model, recipe.task, recipe.heldOut)).toMatchObject({ count: 400, baseline: 0.1 });
    expect(evaluate(model, recipe.task, recipe.heldOut).value).toBeGreaterThan(0.8);
  });

  it('are refused when the file is cut', () => {
    expect(() => digitsFromBytes(bytes.subarray(0, 1000))).toThrow('not whole');
  });
});

describe('a drawing', () => {
  const draw = (width: number, height: number, isInk: (x: number, y: number) => boolean) => ({
    width,
    height,
    ink: Uint8Array.from({ length: width * height }, (_, at) => (isInk(at % width, Math.floor(at / width)) ? 255 : 0)),
  });
  const weightOf = (picture: Uint8Array) => {
    let [sum, x, y] = [0, 0, 0];
    picture.forEach((ink, at) => {
      sum += ink;
      x += ink * ((at % SIDE) + 0.5);
      y += ink * (Math.floor(at / SIDE) + 0.5);
    });
    return { x: x / sum, y: y / sum };
  };

  it('becomes the same picture wherever and however large it was drawn', () => {
    const bar = (left: number, top: number, size: number) => normalise(draw(280, 280, (x, y) => x >= left && x < left + size / 5 && y >= top && y < top + size))!;
    const one = bar(10, 20, 200);
    expect(one.length).toBe(PIXELS);
    expect([...bar(150, 60, 100)]).toEqual([...one]);
    // Twenty pixels high, and in the middle.
    const rows = Array.from({ length: SIDE }, (_, row) => one.subarray(row * SIDE, (row + 1) * SIDE).some((ink) => ink > 0));
    expect(rows.filter(Boolean).length).toBe(20);
    expect(weightOf(one).x).toBeCloseTo(14, 0);
    expect(weightOf(one).y).toBeCloseTo(14, 0);
  });

  it('stays within the picture, also when its weight is at an edge', () => {
    const flag = normalise(draw(100, 100, (x, y) => x < 80 && (y < 2 || (x < 40 && y < 40))))!;
    expect(flag.some((ink) => ink > 0)).toBe(true);
    const dot = normalise(draw(100, 100, (x, y) => x === 50 && y === 50))!;
    expect(dot.filter((ink) => ink === 255).length).toBe(400);
  });

  it('is none where there is no ink', () => {
    expect(normalise(draw(50, 50, () => false))).toBeUndefined();
  });
});
