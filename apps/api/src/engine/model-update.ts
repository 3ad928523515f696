import type { FormatName } from '@vergeai/domain';
import type { UploadClaims } from '../models/tickets.js';
import type { StagedUpload } from '../storage/blob-store.js';

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
  readonly format: FormatName;
  readonly model: { readonly id: string; readonly blobKey: string };
}
