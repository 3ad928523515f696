import type { ModelLayout } from '@vergeai/domain';
import type { StagedBlob } from '../storage/blob-store.js';
import { storedFormat } from './model-format.js';

/** The part of a stored model's row that its bytes decide. */
export const rowOfBytes = (staged: StagedBlob, layout: ModelLayout) => ({
  format: storedFormat(layout.format),
  size: BigInt(staged.size),
  sha256: staged.sha256,
});
