import { describe, expect, it } from 'vitest';
import { modelFormats } from '../../src/formats/model-formats.js';
import { InvalidModel } from '../../src/layout/invalid-model.js';
import { cleanModel, poisonModels } from '@vergeai/testkit';
import { feed, outcome } from '../support/read-model.js';

const poisons = poisonModels();
const cleanLayout = {
  json: feed(modelFormats.json.check(), cleanModel('json')),
  safetensors: feed(modelFormats.safetensors.check(), cleanModel('safetensors')),
};

describe('a poison model', () => {
  it('comes in at least 120 distinct kinds', () => {
    expect(poisons.length).toBeGreaterThanOrEqual(120);
    expect(new Set(poisons.map((poison) => poison.name)).size).toBe(poisons.length);
    const contents = poisons.map(({ format, bytes }) => `${format} ${Buffer.from(bytes).toString('base64')}`);
    expect(new Set(contents).size).toBe(poisons.length);
  });

  it.each(['json', 'safetensors'] as const)('is one thing away from a clean %s model, which is accepted', (format) => {
    expect(outcome(format, cleanModel(format), [1], cleanLayout[format])).toHaveProperty('layout');
  });

  describe.each(poisons)('$name', ({ format, bytes, reason, pointer, loneOffence }) => {
    const refusal = outcome(format, bytes, undefined, cleanLayout[format]);

    it('is refused with its reason and pointer', () => {
      expect(refusal.message).toMatch(reason);
      expect(refusal.pointer).toBe(pointer ?? refusal.pointer);
    });

    it('gets one short sentence without control characters', () => {
      expect(refusal.message).toMatch(/^\P{Cc}{10,600}\.$/u);
    });

    it('is refused alike however it is cut into chunks', () => {
      const sizes = bytes.length < 5000 ? [[1], [7], [8, 1, 3]] : [[1000], [8, 65537]];
      for (const size of sizes) expect(outcome(format, bytes, size, cleanLayout[format])).toEqual(refusal);
    });

    it(`is ${loneOffence ? 'refused' : 'accepted'} as a start model`, () => {
      expect('message' in outcome(format, bytes)).toBe(loneOffence);
    });
  });
});

describe('a refused model', () => {
  it.each(['json', 'safetensors'] as const)('in %s stays refused when the caller goes on', (format) => {
    const checker = modelFormats[format].check();
    checker.write(cleanModel(format));
    expect(() => checker.write(Uint8Array.of(1))).toThrow(InvalidModel);
    expect(() => checker.write(Uint8Array.of(0x20))).toThrow(InvalidModel);
    expect(() => checker.end()).toThrow(InvalidModel);
  });
});
