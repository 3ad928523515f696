import type { FormatName } from '@vergeai/domain';
import type { PresignedUpload, VergeAI } from '@vergeai/sdk';
import { persist } from './patience.js';
import { reactionTo } from './refusals.js';

export interface FinishedUpdate {
  readonly project_id: string;
  readonly job_id: string;
  readonly num_examples?: number | undefined;
  readonly metrics?: Record<string, number> | undefined;
  readonly model: Uint8Array;
}

/** What was measured for a job that only evaluates. */
export interface FinishedEvaluation {
  readonly project_id: string;
  readonly job_id: string;
  readonly num_examples?: number | undefined;
  readonly metrics: Record<string, number>;
}

/** What its job came with. */
interface Given {
  readonly format: FormatName;
  readonly upload?: PresignedUpload | undefined;
}

/**
 * Sends an update or an evaluation until the server has taken it or said that it won't, so that what was trained is not lost to a restart.
 * Sending the same twice is safe: it gets the same answer. The first attempt at an update goes to the `upload` that came with the job; a
 * server of an older version gives none. Each other one asks for an upload ticket of its own.
 * @throws Setback for what the server refused it with; the signal's reason.
 */
export async function submitUpdate(client: VergeAI, update: FinishedUpdate | FinishedEvaluation, given: Given, signal: AbortSignal, log: (line: string) => void): Promise<void> {
  const { format } = given;
  let { upload } = given;
  await persist(
    {
      react: (error) => reactionTo(error, 'submit'),
      signal,
      onAgain: (error) => log(`can't submit the update of job ${update.job_id} yet; it is kept: ${String(error)}`),
    },
    () => {
      if (!('model' in update)) return client.Device.submit_evaluation(update, { signal, maxRetries: 0 });
      const first = upload;
      upload = undefined;
      return client.Device.submit_model_update(update, { format, upload: first, signal, maxRetries: 0 });
    },
  );
}
