/**
 * How a job aggregates, as it is kept and shown: every default filled in. The names are those of the wire.
 * Two jobs aggregate in the same way when these are equal.
 */
export type StrategySpec = FedAvgSpec | FedProxSpec | FedAvgMSpec | FedAdamSpec | FedYogiSpec | FedAdagradSpec | QFedAvgSpec | RuleSpec;

export type StrategyType = StrategySpec['type'];

/** How much the updates count: by how many examples they were trained on, all the same, or by no more than `cap` examples each. */
export type Weighting = 'examples' | 'uniform' | { readonly cap: number };

/** How far an update may lie from the model that it was trained from, as the length of the way over all floating numbers. */
export type ClippingSpec =
  | { readonly type: 'fixed'; readonly norm: number }
  | { readonly type: 'adaptive'; readonly initial_norm: number; readonly target_quantile: number; readonly learning_rate: number };

export interface NoiseSpec {
  /** The noise's standard deviation, in multiples of the most that one update can change the mean. */
  readonly noise_multiplier: number;
}

interface Shared {
  readonly weighting?: Weighting;
  readonly clipping?: ClippingSpec;
}

/** Updates are put together by their mean, or by a rule in its stead. */
interface Combining extends Shared {
  readonly weighting: Weighting;
  readonly combine?: RuleParameters;
  readonly noise?: NoiseSpec;
}

/** A step from the start model towards what the updates combine to. */
interface Stepping extends Combining {
  readonly server_learning_rate: number;
  /** Names of tensors, with `*` for any characters, that do not step but take what the updates combine to. */
  readonly exclude: readonly string[];
}

export interface FedAvgSpec extends Combining {
  readonly type: 'FedAvg';
}

export interface FedProxSpec extends Combining {
  readonly type: 'FedProx';
  readonly proximal_mu: number;
}

export interface FedAvgMSpec extends Stepping {
  readonly type: 'FedAvgM';
  readonly server_momentum: number;
}

/** Steps by moments of the direction. */
interface AdaptiveStepping extends Stepping {
  readonly beta_1: number;
  readonly tau: number;
  /** What the second moment is before the first round. */
  readonly initial_accumulator: number;
}

interface DecayingStepping extends AdaptiveStepping {
  readonly beta_2: number;
  readonly bias_correction: boolean;
}

export interface FedAdamSpec extends DecayingStepping {
  readonly type: 'FedAdam';
}

export interface FedYogiSpec extends DecayingStepping {
  readonly type: 'FedYogi';
}

export interface FedAdagradSpec extends AdaptiveStepping {
  readonly type: 'FedAdagrad';
}

/** Weighs devices by their loss of the start model, which they report. */
export interface QFedAvgSpec {
  readonly type: 'QFedAvg';
  readonly q: number;
  /** With which rate devices train: a step of theirs is taken for so much of a slope. */
  readonly device_learning_rate: number;
  readonly loss_metric: string;
  readonly clipping?: ClippingSpec;
}

/** A rule with its parameters, without what surrounds it. */
export type RuleParameters =
  | { readonly type: 'FedMedian' }
  | TrimmedMeanParameters
  | { readonly type: 'Krum'; readonly num_malicious: number }
  | MultiKrumParameters
  | { readonly type: 'GeometricMedian'; readonly iterations: number; readonly smoothing: number }
  | { readonly type: 'Bulyan'; readonly num_malicious: number };

/** How many values are left out at either end: a share of the updates, or so many. */
export type TrimmedMeanParameters =
  | { readonly type: 'FedTrimmedAvg'; readonly trim_fraction: number }
  | { readonly type: 'FedTrimmedAvg'; readonly num_trimmed: number };

export interface MultiKrumParameters {
  readonly type: 'MultiKrum';
  readonly num_malicious: number;
  /** As many as are neighbours of an update when left out: n − num_malicious − 2 of n. */
  readonly num_selected?: number;
}

/** A rule as a strategy of its own. */
export type RuleSpec = RuleParameters & Shared;

export type RuleType = RuleParameters['type'];
