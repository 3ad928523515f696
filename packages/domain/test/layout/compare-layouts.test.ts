import { describe, expect, it } from 'vitest';
import { compareLayouts } from '../../src/layout/compare-layouts.js';
import { InvalidModel } from '../../src/layout/invalid-model.js';
import type { ModelLayout } from '../../src/layout/model-layout.js';

const expected: ModelLayout = {
  format: 'safetensors',
  tensors: [
    { name: 'a', dtype: 'F32', shape: [2, 3] },
    { name: 'b', dtype: 'I64', shape: [] },
  ],
};
const [a, b] = expected.tensors as [ModelLayout['tensors'][0], ModelLayout['tensors'][0]];
const given = (...tensors: ModelLayout['tensors']): ModelLayout => ({ format: 'safetensors', tensors });

describe('a layout', () => {
  it('fits itself, in any order of its tensors', () => {
    expect(() => compareLayouts(expected, given(a, b))).not.toThrow();
    expect(() => compareLayouts(expected, given(b, a))).not.toThrow();
  });

  it.each([
    ['the format', { ...expected, format: 'json' as const }, '', 'The model is in json format where safetensors was expected.'],
    ['a missing tensor', given(a), '/b', 'Tensor "b" is missing.'],
    ['an extra tensor', given(a, b, { ...b, name: 'x/y' }), '/x~1y', 'Tensor "x/y" is not part of the expected model.'],
    ['a shape', given({ ...a, shape: [3, 2] }, b), '/a', 'Tensor "a" has shape [3, 2] where [2, 3] was expected.'],
    ['a dtype', given(a, { ...b, dtype: 'F64' }), '/b', 'Tensor "b" has dtype F64 where I64 was expected.'],
  ])('that differs in %s is refused with what was expected and what came', (_, actual, pointer, message) => {
    const error = new InvalidModel(pointer, message);
    expect(() => compareLayouts(expected, actual)).toThrow(error);
    expect(() => compareLayouts(expected, actual)).toThrow(expect.objectContaining({ pointer }));
  });

  const named = (...names: string[]) => given(...names.map((name) => ({ ...a, name })));
  const refusal = (start: ModelLayout, update: ModelLayout): string => {
    try {
      compareLayouts(start, update);
      return 'none';
    } catch (error) {
      return (error as Error).message;
    }
  };

  it.each(['module.', '_orig_mod.', 'module._orig_mod.', 'net.inner.'])('whose names all begin with "%s" is told that it is wrapped, and what to send', (wrapper) => {
    const names = ['fc.weight', 'fc.bias', 'b'];
    const wrapped = named(...names.toReversed().map((name) => wrapper + name));
    expect(refusal(named(...names), wrapped)).toBe(
      `Every name begins with "${wrapper}", which no name of the start model does: send the state_dict of the model inside the wrapper, such as net.${wrapper}state_dict().`,
    );
    expect(refusal(wrapped, named(...names))).toContain(`Every name of the start model begins with "${wrapper}", and none of these does`);
  });

  it('is not told so when another difference is there, too', () => {
    expect(refusal(named('a', 'b'), named('module.a', 'b'))).toBe('Tensor "a" is missing.');
    expect(refusal(named('a', 'b'), named('module.a', 'module.c'))).toBe('Tensor "a" is missing.');
    expect(refusal(named('a'), named('xa'))).toBe('Tensor "a" is missing.');
    expect(refusal(named('module.a'), named('module.a'))).toBe('none');
  });
});
