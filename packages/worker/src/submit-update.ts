import type { FormatName } from '@vergeai/domain';
import type { VergeAI } from '@vergeai/sdk';
import { persist } from './patience.js';
import { reactionTo } from './refusals.js';

export interface FinishedUpdate {
  readonly project_id: string;
  readonly job_id: string;
  readonly num_examples?: number | undefined;
  readonly metrics?: Record<string, number> | undefined;
  readonly model: Uint8Array;
}

/**
 * Sends an update until the server has taken it or said that it won't, so that what was trained is not lost to a restart.
 * Sending the same bytes twice is safe: they get the same answer. Each attempt asks for an upload ticket of its own.
 * @throws Setback for what the server refused it with; the signal's reason.
 */
export async function submitUpdate(client: VergeAI, update: FinishedUpdate, format: FormatName, signal: AbortSignal, log: (line: string) => void): Promise<void> {
  await persist(
    {
      react: (error) => reactionTo(error, 'submit'),
      signal,
      onAgain: (error) => log(`can't submit the update of job ${update.job_id} yet; it is kept: ${String(error)}`),
    },
    () => client.Device.submit_model_update(update, { format, signal, maxRetries: 0 }),
  );
}
