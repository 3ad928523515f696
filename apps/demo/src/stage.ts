import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Where something runs that starts processes and leaves files. */
export interface Stage {
  /** Temporary, and its own. */
  readonly folder: string;
  /** To be called at the end, the last one first. */
  readonly endings: (() => Promise<void> | void)[];
  /** Ends it all with this error. */
  readonly fail: (error: Error) => void;
}

/**
 * Runs `steps`, and rejects with the signal's reason when that is aborted. Whatever was started has ended when it settles;
 * `clear` then tidies the folder up, and is told whether all went well.
 */
export async function onStage<T>(name: string, signal: AbortSignal, steps: (stage: Stage) => Promise<T>, clear: (folder: string, done: boolean) => Promise<void>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), `vergeai-${name}-`));
  const endings: Stage['endings'] = [];
  let done = false;
  try {
    const failure = failureOf(signal);
    const result = await Promise.race([steps({ folder, endings, fail: failure.fail }), failure.happened]);
    done = true;
    return result;
  } finally {
    for (const end of endings.toReversed()) await end();
    await clear(folder, done);
  }
}

/** What can go wrong while nobody waits for it. */
function failureOf(signal: AbortSignal) {
  let fail!: (error: Error) => void;
  const happened = new Promise<never>((_, reject) => (fail = reject));
  happened.catch(() => {});
  signal.addEventListener('abort', () => fail(signal.reason as Error), { once: true });
  return { fail, happened };
}
