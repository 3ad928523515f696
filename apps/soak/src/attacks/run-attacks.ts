import { NotHere, type Attack, type Say } from './attack.js';

export interface AttackResult {
  readonly name: string;
  readonly seconds: number;
  readonly seen: readonly string[];
  readonly violations: readonly string[];
  /** Why it was not made. */
  readonly skipped?: string;
}

/** Makes one attack after the other, and tells of each: what is tried, what was seen, how it ended. */
export async function runAttacks(attacks: readonly Attack[], say: Say): Promise<AttackResult[]> {
  const results: AttackResult[] = [];
  for (const [at, attack] of attacks.entries()) {
    say(`${at + 1} of ${attacks.length}, ${attack.name}: ${attack.what}`);
    const result = await make(attack, (line) => say(`  ${line}`));
    results.push(result);
    for (const sentence of result.violations) say(`  - ${sentence}`);
    say(`  ${result.skipped ? `SKIPPED: ${result.skipped}` : result.violations.length > 0 ? `FAILED: ${result.violations.length} violations` : 'held'}, after ${result.seconds} s\n`);
  }
  return results;
}

/** Each once, with how often it was found. */
function counted(violations: readonly string[]): string[] {
  const times = new Map<string, number>();
  for (const sentence of violations) times.set(sentence, (times.get(sentence) ?? 0) + 1);
  return [...times].map(([sentence, count]) => (count === 1 ? sentence : `${sentence} (${count} times)`));
}

async function make({ name, run }: Attack, say: Say): Promise<AttackResult> {
  const began = performance.now();
  const seen: string[] = [];
  const ended = (violations: readonly string[], skipped?: string) => ({ name, seconds: Math.round((performance.now() - began) / 1000), seen, violations: counted(violations), ...(skipped !== undefined && { skipped }) });
  try {
    return ended(await run((line) => {
      seen.push(line);
      say(line);
    }));
  } catch (error) {
    if (error instanceof NotHere) return ended([], error.message);
    // What an attack does not expect is as bad as what it looks for.
    return ended([`The attack could not be made: ${String((error as Error).stack)}`]);
  }
}
