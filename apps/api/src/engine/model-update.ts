import type { FormatName } from '@vergeai/domain';
import type { UploadClaims } from '../models/tickets.js';
import type { StagedUpload } from '../storage/blob-store.js';

/** What a device measured, of the model that it trained or of the one that it was given. */
export interface Evaluation {
  readonly projectId: string;
  readonly jobId: string;
  readonly deviceId: string;
  readonly numExamples: number | null;
  readonly metrics: Readonly<Record<string, number>>;
}

/** What a device hands in of a training. */
export interface ModelUpdate extends Evaluation {
  readonly staged: StagedUpload;
  /** The ticket it came with; undefined when it came inline. */
  readonly ticket?: UploadClaims;
}

/** What has been checked and may be registered. */
export interface CheckedUpdate extends Evaluation {
  readonly experimentId: string;
  readonly ticket?: UploadClaims | undefined;
  /** By which the same is known again. */
  readonly sha256: string;
  /** It fits its experiment, and its bytes are on disk; null: an evaluation. */
  readonly model: { readonly id: string; readonly blobKey: string; readonly format: FormatName; readonly staged: StagedUpload } | null;
}
