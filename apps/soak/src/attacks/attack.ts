import { startServer, type RunningServer, type ServerOptions } from '@vergeai/testkit';
import { readFile } from 'node:fs/promises';

/** Tells a reader what was done and seen. */
export type Say = (line: string) => void;

/** Why an attack could not be made on this machine. */
export class NotHere extends Error {}

/** Something that nobody should be able to do to a server. */
export interface Attack {
  readonly name: string;
  /** What is tried, in a sentence. */
  readonly what: string;
  /** Tries it. Every violation is a sentence. Throws NotHere where the machine has not what it takes. */
  readonly run: (say: Say) => Promise<string[]>;
}

const STOPS_WITHIN_MS = 30_000;

/** The attack on a server of its own, which must outlive it and then stop as it is told to. */
export const onServer =
  (attack: (server: RunningServer, say: Say) => Promise<string[]>, options: ServerOptions = {}): Attack['run'] =>
  async (say) => {
    const server = await startServer(options);
    let ended: number | string | undefined;
    void server.exited.then((how) => {
      ended = how;
    });
    try {
      const violations = await attack(server, say);
      if (ended !== undefined) return [...violations, `The server ended (${ended}): ${server.output().slice(-2_000)}`];
      say(`the server's memory was ${await peakMiB(server)} MiB at most`);
      const told = performance.now();
      await server.stop();
      const tookMs = performance.now() - told;
      const how = await server.exited;
      return [...violations, ...(how === 0 ? [] : [`Told to stop, the server ended with ${how}.`]), ...(tookMs > STOPS_WITHIN_MS ? [`It took the server ${Math.round(tookMs)} ms to stop.`] : [])];
    } finally {
      await server.kill();
    }
  };

/** The most memory that a server has taken so far; "?" where the kernel does not tell. */
async function peakMiB({ pid }: RunningServer): Promise<string> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kib = /^VmHWM:\s+(\d+)/m.exec(status)?.[1];
  return kib ? String(Math.round(Number(kib) / 1024)) : '?';
}

/** How often each thing was seen: `204 × 7, 507 × 13`. */
export function tally(seen: readonly (string | number)[]): string {
  const counts = new Map<string | number, number>();
  for (const each of seen) counts.set(each, (counts.get(each) ?? 0) + 1);
  return [...counts].map(([each, count]) => `${each} × ${count}`).join(', ') || 'nothing';
}

/** Runs `work(0)` to `work(count - 1)`, so many at a time; gives what they gave, in order. */
export async function inLanes<T>(lanes: number, count: number, work: (number: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const lane = async () => {
    for (let number = next++; number < count; number = next++) results[number] = await work(number);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return results;
}
