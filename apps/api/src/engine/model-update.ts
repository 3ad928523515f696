import type { ModelLayout } from '@vergeai/domain';
import type { NewEvent } from '../writing/record-event.js';
import type { StagedUpload } from '../storage/blob-store.js';
import type { UploadClaims } from '../models/tickets.js';

/** What a device hands in. */
export interface ModelUpdate {
  readonly projectId: string;
  readonly jobId: string;
  readonly deviceId: string;
  readonly numExamples: number | null;
  readonly metrics: Readonly<Record<string, number>>;
  readonly staged: StagedUpload;
  /** The ticket it came with; undefined when it came inline. */
  readonly ticket?: UploadClaims;
}

/** An update that fits its experiment, with its bytes on disk. */
export interface CheckedUpdate extends ModelUpdate {
  readonly experimentId: string;
  readonly layout: ModelLayout;
  readonly model: { readonly id: string; readonly blobKey: string };
}

export const submittedEvent = ({ jobId, deviceId, staged, numExamples, metrics }: ModelUpdate): NewEvent => ({
  type: 'model_update_submitted',
  jobId,
  deviceId,
  data: { size: staged.size, sha256: staged.sha256, num_examples: numExamples, metrics },
});
