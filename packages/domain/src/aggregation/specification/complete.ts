import type { RuleParameters, StrategySpec, Weighting } from './specification.js';

/** A strategy as it is asked for: its name, or its name and some of its parameters, which are in range. */
export type StrategyRequest = string | StrategySpec | { readonly type: string; readonly [parameter: string]: unknown };

/** Running statistics are no weights: a step would take a variance below 0. */
const EXCLUDED = ['*running_mean', '*running_var', '*num_batches_tracked'];

const stepping = { server_learning_rate: 0.1, exclude: EXCLUDED };
const decaying = { ...stepping, beta_1: 0.9, beta_2: 0.99, tau: 1e-3, bias_correction: false };

/**
 * The parameters of each type and what they are when nobody says. They are the papers' where these say so; the rates of
 * FedYogi and FedAdagrad are what trained best on skewed digits.
 */
const defaults: Readonly<Record<StrategySpec['type'], Readonly<Record<string, unknown>>>> = {
  FedAvg: {},
  FedProx: { proximal_mu: 0.01 },
  FedAvgM: { ...stepping, server_learning_rate: 1, server_momentum: 0.9 },
  FedAdam: decaying,
  FedYogi: decaying,
  FedAdagrad: { ...stepping, server_learning_rate: 0.03, beta_1: 0, tau: 1e-3 },
  QFedAvg: { q: 0.1, loss_metric: 'loss' },
  FedMedian: {},
  FedTrimmedAvg: {},
  Krum: {},
  MultiKrum: {},
  GeometricMedian: { iterations: 4, smoothing: 1e-6 },
  Bulyan: {},
};

const adaptiveClipping = { initial_norm: 0.1, target_quantile: 0.5, learning_rate: 0.2 };

/** What asks for nobody's number of examples: a liar's would count most. */
const UNWEIGHED: ReadonlySet<string> = new Set(['QFedAvg', 'FedMedian', 'FedTrimmedAvg', 'Krum', 'Bulyan']);

/** Whether this type can be weighed at all. */
export const isWeighed = (type: string): boolean => !UNWEIGHED.has(type);

/**
 * The whole of what was asked for, in one order of keys: asking for the same in other words gives the same text as JSON.
 * What was asked for must be valid; nothing is checked here.
 */
export function completeStrategy(request: StrategyRequest): StrategySpec {
  const { type, combine, weighting, clipping, noise, ...parameters } = (typeof request === 'string' ? { type: request } : request) as unknown as Requested;
  const rule = combine && completeRule(combine);
  const weighed = rule?.type ?? type;
  const whole: Record<string, unknown> = {
    type,
    ...ordered(withDependents(type, { ...defaults[type], ...parameters })),
    ...(isWeighed(weighed) || rule ? { weighting: weighting ?? (weighed === 'MultiKrum' || noise ? 'uniform' : 'examples') } : {}),
    ...(rule && { combine: rule }),
    ...(clipping && { clipping: { type: clipping.type, ...ordered({ ...(clipping.type === 'adaptive' && adaptiveClipping), ...without(clipping, 'type') }) } }),
    ...(noise ? { noise } : {}),
  };
  return whole as unknown as StrategySpec;
}

interface Requested {
  readonly type: StrategySpec['type'];
  readonly combine?: Record<string, unknown> & { readonly type: RuleParameters['type'] };
  readonly weighting?: Weighting;
  readonly clipping?: Record<string, unknown> & { readonly type: string };
  readonly noise?: unknown;
  readonly [parameter: string]: unknown;
}

function completeRule({ type, ...parameters }: NonNullable<Requested['combine']>): RuleParameters {
  return { type, ...ordered(withDependents(type, { ...defaults[type], ...parameters })) } as unknown as RuleParameters;
}

/** Defaults that follow from what else is said. */
function withDependents(type: string, parameters: Record<string, unknown>): Record<string, unknown> {
  const { tau } = parameters;
  if (typeof tau === 'number') return { initial_accumulator: tau * tau, ...parameters };
  if (type === 'FedTrimmedAvg' && parameters['num_trimmed'] === undefined) return { trim_fraction: 0.2, ...parameters };
  return parameters;
}

const ordered = (parameters: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== undefined).toSorted(([a], [b]) => (a < b ? -1 : 1)));

function without<T extends Record<string, unknown>>(whole: T, key: string): Record<string, unknown> {
  const { [key]: _, ...rest } = whole;
  return rest;
}
