import { InvalidModel, pointerTo, quoted } from './invalid-model.js';
import { MAX_RANK, type TensorSpec } from './model-layout.js';
import { checkTensorName } from './tensor-name.js';

/** @throws InvalidModel unless a model of these tensors may be written, in whatever format. */
export function checkLayout(tensors: readonly TensorSpec[]): void {
  if (tensors.length === 0) throw new InvalidModel('', 'The model has no tensors.');
  for (const { name, shape } of tensors) {
    checkTensorName(name);
    if (shape.length > MAX_RANK) throw new InvalidModel(pointerTo(name), `Tensor ${quoted(name)} has more than ${MAX_RANK} dimensions.`);
  }
}
