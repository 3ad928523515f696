import { nextMessage, ownScript, startNode, stopChild } from './children.js';

export interface AggregationLoad {
  readonly updates: ReadonlyArray<{ readonly path: string; readonly sha256: string; readonly numExamples: number }>;
  readonly layout: {
    readonly format: 'safetensors';
    readonly tensors: ReadonlyArray<{ readonly name: string; readonly dtype: 'F32'; readonly shape: readonly number[] }>;
  };
}

export interface AggregationResult {
  /** From the call until the aggregate has its name on the disk. */
  readonly seconds: number;
  readonly path: string;
}

export interface Aggregation {
  readonly pid: number;
  run(load: AggregationLoad): Promise<AggregationResult>;
  stop(): Promise<void>;
}

/** A process with the server's aggregation in it; `folder` is where its aggregates go, `threads` what MODEL_WORKERS is by default. */
export async function startAggregation(folder: string, threads: number, profile: string | undefined): Promise<Aggregation> {
  const child = startNode(ownScript('aggregation-process.js'), {
    env: { FOLDER: folder, THREADS: String(threads) },
    nodeOptions: profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`] : [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  await nextMessage(child);
  return {
    pid: child.pid!,
    async run(load) {
      child.send(load);
      return nextMessage<AggregationResult>(child);
    },
    stop: () => stopChild(child),
  };
}
