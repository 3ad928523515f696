import type { VergeAI } from '@vergeai/sdk';

const LONGEST_REASON = 1000;

export interface Failure {
  readonly project_id: string;
  readonly job_id: string;
  readonly reason: string;
}

/** Tells that this device cannot finish. When that does not arrive, the lease lapses and tells the same. */
export async function reportFailure(client: VergeAI, failure: Failure, log: (line: string) => void): Promise<void> {
  try {
    await client.Device.report_failure({ ...failure, reason: storable(failure.reason) });
  } catch (error) {
    log(`could not report the failure of job ${failure.job_id}: ${String(error)}`);
  }
}

/** Without what no database holds, and no longer than the API takes. */
const storable = (reason: string): string =>
  reason
    .slice(0, LONGEST_REASON)
    .replaceAll('\0', '')
    .replaceAll(/\p{Surrogate}/gu, '') || 'unknown';
