import type { ModelLayout } from '@vergeai/domain';
import type { StagedBlob } from '../storage/blob-store.js';

/** The part of a stored model's row that its bytes decide. */
export const rowOfBytes = (staged: StagedBlob, layout: ModelLayout) => ({
  format: layout.format === 'json' ? ('JSON' as const) : ('SAFETENSORS' as const),
  size: BigInt(staged.size),
  sha256: staged.sha256,
});
