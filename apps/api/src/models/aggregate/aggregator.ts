import type { RoundReport, StrategySpec } from '@vergeai/domain';

/** A stored model. */
export interface ModelFile {
  readonly path: string;
  readonly sha256: string;
}

export interface UpdateFile extends ModelFile {
  readonly numExamples: number | null;
  /** The device's loss of the start model, for a strategy that requires it. */
  readonly loss?: number;
}

/** What is to become of which files. */
export interface Aggregation {
  readonly strategy: StrategySpec;
  /** The ModelLayout of every update, and of what is made of them, as JSON: it may have thousands of tensors. */
  readonly layout: string;
  /** In the order of their devices' ids. */
  readonly updates: readonly UpdateFile[];
  /** The model that they were trained from, for a strategy that needs it. */
  readonly start?: ModelFile;
  /** For a strategy that keeps something from round to round. */
  readonly state?: {
    /** What the last round left; undefined in the first one. */
    readonly before: (ModelFile & { readonly notes: Readonly<Record<string, string>> }) | undefined;
    /** The path to write to what this round leaves. */
    readonly output: string;
  };
  /** 32 bytes in hex, for a strategy that adds noise: the same give the same noise. */
  readonly seed?: string;
  /** The path to write the aggregate to. */
  readonly output: string;
}

/** What a file was written to be. */
export interface Written {
  readonly size: number;
  readonly sha256: string;
}

export interface Aggregated extends Written {
  readonly report: RoundReport;
  readonly state?: Written & { readonly notes: Readonly<Record<string, string>> };
}

/** Numbers that came out of it are none that the model can have: this will be so in every attempt. */
export interface NotFinite {
  readonly notFinite: string;
}

/** Makes one model of many, away from the main thread and block by block from disk. */
export interface Aggregator {
  /**
   * Memory does not depend on how large the updates are, nor, unless the strategy has to see them side by side, on how
   * many. Throws when a file is not the one that was submitted. The outputs are there only when it gives what was written.
   */
  aggregate(aggregation: Aggregation, signal: AbortSignal): Promise<Aggregated | NotFinite>;
  close(): Promise<void>;
}
