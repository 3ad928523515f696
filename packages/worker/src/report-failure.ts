import type { VergeAI } from '@vergeai/sdk';
import { persist } from './patience.js';
import { reactionTo } from './refusals.js';

const LONGEST_REASON = 1000;
const LONGEST_REQUEST_MS = 10_000;
const MOST_REPORTS = 3;

export interface Failure {
  readonly project_id: string;
  readonly job_id: string;
  readonly reason: string;
}

/**
 * Tells that this device cannot finish, in a few attempts; in one when the signal has aborted. When that does not
 * arrive, the lease lapses and tells the same.
 */
export async function reportFailure(client: VergeAI, failure: Failure, signal: AbortSignal, log: (line: string) => void): Promise<void> {
  const tell = (error: unknown) => log(`could not report the failure of job ${failure.job_id}: ${String(error)}`);
  const report = { ...failure, reason: storable(failure.reason) };
  let reports = 0;
  const react = (error: unknown) => (reports < MOST_REPORTS ? reactionTo(error, 'report_failure') : 'let_go');
  try {
    await persist({ react, signal, onAgain: tell }, () => {
      reports++;
      return client.Device.report_failure(report, { timeoutMs: LONGEST_REQUEST_MS, maxRetries: 0 });
    });
  } catch (error) {
    tell(error);
  }
}

/** Without what no database holds, and no longer than the API takes. */
const storable = (reason: string): string =>
  reason
    .slice(0, LONGEST_REASON)
    .replaceAll('\0', '')
    .replaceAll(/\p{Surrogate}/gu, '') || 'unknown';
