import type { FormatName } from '@vergeai/domain';
import type { StagedBlob } from '../storage/blob-store.js';
import { storedFormat } from './model-format.js';

/** The part of a stored model's row that its bytes decide. */
export const rowOfBytes = (staged: StagedBlob, format: FormatName) => ({
  format: storedFormat(format),
  size: BigInt(staged.size),
  sha256: staged.sha256,
});
