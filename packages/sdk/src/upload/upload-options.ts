import type { CallOptions } from '../call-options.js';
import type { ModelFormat, PresignedUpload } from '../generated/types.js';

/** How far an upload is. */
export interface UploadProgress {
  /** Bytes handed to the network so far; starts again at 0 when an upload is repeated. */
  readonly loaded: number;
  /** All there are, when that is known. */
  readonly total: number | undefined;
}

/** What a call with a model may decide for itself. */
export interface UploadOptions extends CallOptions {
  /** Told by the first bytes when it is left out. */
  readonly format?: ModelFormat | undefined;
  /** How many bytes a stream will give: sent ahead, and checked at its end. */
  readonly size?: number | undefined;
  /**
   * For an update: the `upload` that `Device.next_job` gave with this job. It saves the request for a ticket. It is good for a
   * day and for one model: leave it out to send another one, or after `ticket_expired`.
   */
  readonly upload?: PresignedUpload | undefined;
  /** Called whenever bytes have gone. */
  readonly onProgress?: ((progress: UploadProgress) => void) | undefined;
}
