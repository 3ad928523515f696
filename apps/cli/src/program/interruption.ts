import { Interrupted } from './failures.js';

type Signal = 'SIGINT' | 'SIGTERM';

/** What Ctrl-C and SIGTERM do: the first ends what is under way, the second the process at once. Neither cancels a job. */
export interface Interruption {
  /** Aborts with an Interrupted. */
  readonly signal: AbortSignal;
  /** From now on the first signal calls this instead; the second is as before. */
  takeOver(first: () => void): void;
  /** The first signal, once it has come. */
  readonly interrupted: Interrupted | undefined;
}

export function interruption(): Interruption {
  const controller = new AbortController();
  let taken: (() => void) | undefined;
  let interrupted: Interrupted | undefined;
  const on = (signal: Signal) => () => {
    if (controller.signal.aborted) process.exit(new Interrupted(signal).exitCode);
    const first = interrupted === undefined;
    interrupted ??= new Interrupted(signal);
    if (taken && first) taken();
    else controller.abort(interrupted);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, on(signal));
  return {
    signal: controller.signal,
    takeOver: (first) => void (taken = first),
    get interrupted() {
      return interrupted;
    },
  };
}
