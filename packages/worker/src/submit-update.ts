import type { ModelFormat } from '@vergeai/domain';
import type { VergeAI } from '@vergeai/sdk';
import { createBackoff, isTemporary } from './patience.js';

export interface FinishedUpdate {
  readonly project_id: string;
  readonly job_id: string;
  readonly num_examples?: number | undefined;
  readonly metrics?: Record<string, number> | undefined;
  readonly model: Uint8Array;
}

/**
 * Sends an update until the server has answered, so that what was trained is not lost to a restart. Sending the same
 * bytes twice is safe: they get the same answer.
 * @throws what the server refused it with; the signal's reason.
 */
export async function submitUpdate(client: VergeAI, update: FinishedUpdate, format: ModelFormat, signal: AbortSignal, log: (line: string) => void): Promise<void> {
  const backoff = createBackoff();
  for (;;) {
    try {
      await client.Device.submit_model_update(update, { format, signal, maxRetries: 0 });
      return;
    } catch (error) {
      signal.throwIfAborted();
      if (!isTemporary(error)) throw error;
      log(`can't submit the update of job ${update.job_id} yet; it is kept: ${String(error)}`);
      await backoff.pause(error, signal);
      signal.throwIfAborted();
    }
  }
}
