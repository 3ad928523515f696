import { checkAcknowledged } from './check-acknowledged.js';
import { checkAggregates } from './check-aggregates.js';
import { checkBlobs } from './check-blobs.js';
import { checkDuplicates } from './check-duplicates.js';
import { checkFaults } from './check-faults.js';
import { checkKeys } from './check-keys.js';
import { checkLog } from './check-log.js';
import { checkStuck } from './check-stuck.js';
import { checkTakenOver } from './check-taken-over.js';
import { checkWire } from './check-wire.js';
import type { Check, Evidence } from './evidence.js';

const checks: readonly Check[] = [checkFaults, checkAcknowledged, checkDuplicates, checkLog, checkStuck, checkTakenOver, checkAggregates, checkBlobs, checkKeys, checkWire];

/** Every violation as a sentence, promise after promise. */
export async function findViolations(evidence: Evidence): Promise<string[]> {
  const found: string[] = [];
  for (const { promise, run } of checks) {
    try {
      for await (const sentence of run(evidence)) found.push(sentence);
    } catch (error) {
      found.push(`The check "${promise}" could not be made: ${String((error as Error).stack)}`);
    }
  }
  return found;
}
