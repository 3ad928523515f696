import { InvalidModel, pointerTo, quoted } from './invalid-model.js';
import type { ModelLayout } from './model-layout.js';
import { wrappedNames } from './wrapped-names.js';

/**
 * Requires `actual` to have the format, names, shapes and dtypes of `expected`; the order of the
 * tensors may differ.
 * @throws InvalidModel at the first difference, in the order of `expected`, extra tensors last.
 */
export function compareLayouts(expected: ModelLayout, actual: ModelLayout): void {
  if (actual.format !== expected.format) {
    throw new InvalidModel('', `The model is in ${actual.format} format where ${expected.format} was expected.`);
  }
  const given = new Map(actual.tensors.map((tensor) => [tensor.name, tensor]));
  for (const wanted of expected.tensors) {
    const got = given.get(wanted.name);
    const pointer = pointerTo(wanted.name);
    const tensor = `Tensor ${quoted(wanted.name)}`;
    if (!got) throw new InvalidModel(pointer, wrappedNames(namesOf(expected), namesOf(actual)) ?? `${tensor} is missing.`);
    if (shapeText(got.shape) !== shapeText(wanted.shape)) {
      throw new InvalidModel(
        pointer,
        `${tensor} has shape ${shapeText(got.shape)} where ${shapeText(wanted.shape)} was expected.`,
      );
    }
    if (got.dtype !== wanted.dtype) {
      throw new InvalidModel(pointer, `${tensor} has dtype ${got.dtype} where ${wanted.dtype} was expected.`);
    }
    given.delete(wanted.name);
  }
  for (const name of given.keys()) {
    throw new InvalidModel(pointerTo(name), `Tensor ${quoted(name)} is not part of the expected model.`);
  }
}

const namesOf = ({ tensors }: ModelLayout) => tensors.map(({ name }) => name);

function shapeText(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}
