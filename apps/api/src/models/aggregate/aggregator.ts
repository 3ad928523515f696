import type { StrategyName } from '@vergeai/domain';

export interface UpdateFile {
  readonly path: string;
  readonly sha256: string;
  readonly numExamples: number | null;
}

/** What is to become of which files. */
export interface Aggregation {
  readonly strategy: StrategyName;
  /** The ModelLayout of every update, and of what is made of them, as JSON: it may have thousands of tensors. */
  readonly layout: string;
  /** In the order of their devices' ids. */
  readonly updates: readonly UpdateFile[];
  /** The path to write the aggregate to. */
  readonly output: string;
}

/** What a file was written to be. */
export interface Written {
  readonly size: number;
  readonly sha256: string;
}

/** Makes one model of many, away from the main thread and block by block from disk. */
export interface Aggregator {
  /**
   * Memory does not depend on how large the updates are, nor, unless the strategy has to see them side by side, on how
   * many. Throws when a file is not the one that was submitted; the output is gone then.
   */
  aggregate(aggregation: Aggregation, signal: AbortSignal): Promise<Written>;
  close(): Promise<void>;
}
