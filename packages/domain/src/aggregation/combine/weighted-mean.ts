import type { ModelNumbers } from '../../formats/model-format.js';
import { byteWidth, type DType } from '../../numbers/dtype.js';
import type { Plan } from '../strategy.js';
import type { BlockReducer } from './block-reducer.js';
import { int64MeanReducer } from './int64-mean-reducer.js';
import { meanReducer } from './mean-reducer.js';

// Sums, elements and result of one block together fit the cache of one processor.
const BLOCK_LENGTH = 32 * 1024;
const WIDEST = byteWidth('F64');

/**
 * Σ c·u, added in the order of the models and held for one block of one of them at a time, so that memory does not
 * depend on how many there are. With the coefficient 1 alone, a model comes back bit for bit, in every dtype.
 */
export function weightedMean(models: readonly ModelNumbers[], coefficients: Float64Array): Plan {
  const buffer = new Uint8Array(BLOCK_LENGTH * WIDEST);
  const reducers = new Map<DType, BlockReducer>();

  /** One for each dtype: a model may have thousands of tensors, and buffers are not collected at once. */
  function reducerOf(dtype: DType): BlockReducer {
    const reducer = reducers.get(dtype) ?? (dtype === 'I64' ? int64MeanReducer(BLOCK_LENGTH) : meanReducer(dtype, BLOCK_LENGTH));
    reducers.set(dtype, reducer);
    return reducer;
  }

  return {
    blockLength: BLOCK_LENGTH,
    numbers(block) {
      const { dtype } = block.tensor;
      const elements = buffer.subarray(0, block.length * byteWidth(dtype));
      const reducer = reducerOf(dtype);
      reducer.begin(block.length);
      models.forEach((model, i) => {
        model.read(block, elements);
        reducer.add(elements, coefficients[i]!);
      });
      return reducer.finish();
    },
  };
}
