import type { Strategy } from '../experiment.js';
import type { Attack } from './attack.js';
import type { Skew } from './split-digits.js';

/** Where strategies are put to the test: ten devices, 5,000 digits, 20 rounds, and this. */
export interface Setting {
  readonly name: string;
  readonly skew: Skew;
  readonly attack?: Attack;
}

const skewed: Skew = { dirichlet: 0.1 };

export const settings = {
  iid: { name: 'nobody', skew: 'iid' },
  sign1: { name: 'sign 1', skew: 'iid', attack: { kind: 'sign', count: 1 } },
  sign3: { name: 'sign 3', skew: 'iid', attack: { kind: 'sign', count: 3 } },
  noise3: { name: 'noise 3', skew: 'iid', attack: { kind: 'noise', count: 3 } },
  label3: { name: 'label 3', skew: 'iid', attack: { kind: 'label', count: 3 } },
  liar: { name: 'liar', skew: 'iid', attack: { kind: 'liar', count: 1 } },
  skewed: { name: 'skewed', skew: skewed },
  skewedSign1: { name: 'skewed, sign 1', skew: skewed, attack: { kind: 'sign', count: 1 } },
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof settings;

const clipping = { type: 'adaptive', initial_norm: 1 } as const;

/** The strategies of the table, by the names they have there. */
export const strategies = {
  FedAvg: 'FedAvg',
  'FedAvg, cap 600': { type: 'FedAvg', weighting: { cap: 600 } },
  'FedAvg, uniform': { type: 'FedAvg', weighting: 'uniform' },
  'FedAvg, adaptive clipping': { type: 'FedAvg', weighting: 'uniform', clipping },
  FedProx: 'FedProx',
  FedAvgM: 'FedAvgM',
  FedAdam: 'FedAdam',
  FedYogi: 'FedYogi',
  FedAdagrad: 'FedAdagrad',
  QFedAvg: { type: 'QFedAvg', device_learning_rate: 0.1 },
  FedMedian: 'FedMedian',
  'FedTrimmedAvg, k = 2': 'FedTrimmedAvg',
  'FedTrimmedAvg, k = 3': { type: 'FedTrimmedAvg', num_trimmed: 3 },
  'Krum, f = 3': { type: 'Krum', num_malicious: 3 },
  'MultiKrum, f = 3': { type: 'MultiKrum', num_malicious: 3 },
  GeometricMedian: 'GeometricMedian',
  'Bulyan, f = 1': { type: 'Bulyan', num_malicious: 1 },
  'FedAdam, GeometricMedian': { type: 'FedAdam', combine: { type: 'GeometricMedian' } },
  'FedAdam, adaptive clipping': { type: 'FedAdam', weighting: 'uniform', clipping },
} as const satisfies Record<string, Strategy>;

export type StrategyName = keyof typeof strategies;

/** What the final accuracy of these strategies has to be in these settings, in percent. */
export interface Goal {
  readonly name: string;
  readonly settings: readonly SettingName[];
  readonly strategies: readonly StrategyName[];
  readonly atLeast?: number;
  readonly atMost?: number;
  /** Or so much more than another one. */
  readonly above?: { readonly strategy: StrategyName; readonly by: number };
}

const averages: readonly StrategyName[] = ['FedAvg', 'FedAvgM', 'FedAdam', 'FedYogi', 'FedAdagrad'];
const ranks: readonly StrategyName[] = ['FedMedian', 'FedTrimmedAvg, k = 3', 'GeometricMedian'];
const clipped: StrategyName = 'FedAvg, adaptive clipping';
const everyOther = (Object.keys(strategies) as StrategyName[]).filter((name) => !/^Krum|cap|FedAvg, uniform/.test(name));

export const goals: readonly Goal[] = [
  { name: 'G1', settings: ['iid'], strategies: everyOther, atLeast: 88 },
  { name: 'G1', settings: ['iid'], strategies: ['Krum, f = 3'], atLeast: 83 },
  { name: 'G2', settings: ['sign1'], strategies: averages, atMost: 20 },
  { name: 'G2', settings: ['sign1'], strategies: [...ranks, 'MultiKrum, f = 3', clipped], atLeast: 87 },
  { name: 'G3', settings: ['sign3'], strategies: ranks, atLeast: 84 },
  { name: 'G3', settings: ['sign3'], strategies: [clipped], atLeast: 82 },
  { name: 'G3', settings: ['sign3'], strategies: ['MultiKrum, f = 3'], atLeast: 87 },
  { name: 'G3', settings: ['sign3'], strategies: ['Krum, f = 3'], atLeast: 83 },
  { name: 'G3', settings: ['sign3'], strategies: ['FedTrimmedAvg, k = 2'], atMost: 20 },
  { name: 'G4', settings: ['noise3', 'label3'], strategies: [...ranks, 'Krum, f = 3', 'MultiKrum, f = 3', clipped], atLeast: 86 },
  { name: 'G4', settings: ['noise3'], strategies: ['FedAvg'], atMost: 60 },
  { name: 'G5', settings: ['skewed'], strategies: ['FedAvg'], atLeast: 78 },
  { name: 'G5', settings: ['skewed'], strategies: ['FedAdam'], above: { strategy: 'FedAvg', by: 2 } },
  { name: 'G6', settings: ['skewedSign1'], strategies: ['FedAvg'], atMost: 20 },
  { name: 'G6', settings: ['skewedSign1'], strategies: ['FedAdam, adaptive clipping'], atLeast: 77 },
  { name: 'G6', settings: ['skewedSign1'], strategies: ['FedAdam, GeometricMedian'], atLeast: 75 },
  { name: 'G6', settings: ['skewedSign1'], strategies: ['Krum, f = 3'], atMost: 50 },
  { name: 'G7', settings: ['liar'], strategies: ['FedAvg'], atMost: 15 },
  { name: 'G7', settings: ['liar'], strategies: ['FedAvg, cap 600', 'FedAvg, uniform'], atLeast: 86 },
];

/** The last one: the same seed twice, and once with the server killed in every round, gives the same model. */
export const SAME_MODEL = 'G8';

export const goalNames: readonly string[] = [...new Set(goals.map(({ name }) => name)), SAME_MODEL];
