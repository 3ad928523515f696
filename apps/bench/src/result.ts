/** What one benchmark found, ready to print. */
export interface Result {
  readonly name: string;
  /** In words: what was compared, with which settings. */
  readonly what: string;
  readonly figures: readonly Figure[];
  /** Every single measurement, for --json. */
  readonly rounds: unknown;
}

/** One line of the table. */
export interface Figure {
  readonly label: string;
  readonly bare?: string;
  readonly ours: string;
  /** What the goal speaks of: the ratio to the bare server, or a figure of our own. Without a goal it is a ratio. */
  readonly value?: number;
  /** Whether `value` is a ratio. Default: when there is no goal, or one that it should reach. */
  readonly isRatio?: boolean;
  readonly goal?: { readonly atLeast: number } | { readonly atMost: number };
}
