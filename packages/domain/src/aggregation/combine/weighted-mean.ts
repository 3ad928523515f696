import { byteWidth, type DType } from '../../numbers/dtype.js';
import { viewAs } from '../../numbers/view-as.js';
import { isFloating, type Contribution, type ContributionReader } from '../contribution.js';
import type { Plan } from '../round.js';
import { openBlockMemory } from './block-memory.js';
import type { BlockReducer } from './block-reducer.js';
import { int64MeanReducer } from './int64-mean-reducer.js';
import { meanReducer } from './mean-reducer.js';

// Sums, elements and result of one block together fit the cache of one processor.
const BLOCK_LENGTH = 32 * 1024;
const WIDEST = byteWidth('F64');

/**
 * Σ c·u, added in the order of the updates and held for one block of one of them at a time, so that memory does not
 * depend on how many there are. With the coefficient 1 alone, an update comes back bit for bit, in every dtype.
 */
export function weightedMean(contributions: readonly Contribution[], coefficients: Float64Array, reader: ContributionReader): Plan {
  const memory = openBlockMemory();
  const buffer = memory.take(BLOCK_LENGTH * WIDEST);
  const values = viewAs(Float64Array, buffer);
  const reducers = new Map<DType, BlockReducer>();
  const isClipped = contributions.some(({ scale }) => scale !== 1);

  /** One for each dtype: a model may have thousands of tensors, and buffers are not collected at once. */
  function reducerOf(dtype: DType): BlockReducer {
    const reducer = reducers.get(dtype) ?? (dtype === 'I64' ? int64MeanReducer(BLOCK_LENGTH) : meanReducer(dtype, BLOCK_LENGTH, memory));
    reducers.set(dtype, reducer);
    return reducer;
  }

  return {
    blockLength: BLOCK_LENGTH,
    numbers(block) {
      const { tensor, length } = block;
      // Numbers that were moved are no numbers of the tensor's dtype.
      const isMoved = isClipped && isFloating(tensor);
      const dtype = isMoved ? 'F64' : tensor.dtype;
      const elements = buffer.subarray(0, length * byteWidth(dtype));
      const reducer = reducerOf(dtype);
      reducer.begin(length);
      contributions.forEach((contribution, i) => {
        if (isMoved) reader.read(contribution, block, values.subarray(0, length));
        else contribution.read(block, elements);
        reducer.add(elements, coefficients[i]!);
      });
      return reducer.finish();
    },
  };
}
