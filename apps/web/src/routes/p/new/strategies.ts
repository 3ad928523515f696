import type { InputOf } from '@vergeai/sdk';

export type Strategy = NonNullable<InputOf<'experiment.create'>['aggregation_strategy']>;
export type StrategyName = Extract<Strategy, { readonly type: string }>['type'];

interface Parameter {
  readonly name: string;
  readonly label: string;
  /** What is taken when it is left out; undefined when it is needed. */
  readonly without: string | undefined;
  readonly step?: number;
}

const rate = (without: string): Parameter => ({ name: 'server_learning_rate', label: 'Server learning rate', without });
const beta1 = (without: string): Parameter => ({ name: 'beta_1', label: 'Beta 1', without });
const beta2: Parameter = { name: 'beta_2', label: 'Beta 2', without: '0.99' };
const tau: Parameter = { name: 'tau', label: 'Tau', without: '0.001' };
const malicious: Parameter = { name: 'num_malicious', label: 'Malicious devices', without: undefined, step: 1 };

/** Every strategy in a line, with what one changes most; docs/strategies.md tells the rest. */
export const strategies: Readonly<Record<StrategyName, { readonly does: string; readonly parameters: readonly Parameter[] }>> = {
  FedAvg: { does: 'The mean of the updates, by their number of examples. For devices that you trust, with data that are alike.', parameters: [] },
  FedProx: { does: 'The mean, while devices are held to the model that they were given. For those that train long on data of their own.', parameters: [{ name: 'proximal_mu', label: 'Proximal mu', without: '0.01' }] },
  FedAvgM: { does: 'The mean as a step that has momentum from round to round.', parameters: [rate('1'), { name: 'server_momentum', label: 'Server momentum', without: '0.9' }] },
  FedAdam: { does: 'The mean as a step that adapts to each number. For data that differ from device to device, and few rounds.', parameters: [rate('0.1'), beta1('0.9'), beta2, tau] },
  FedYogi: { does: 'As FedAdam, but steps grow more slowly after large ones.', parameters: [rate('0.1'), beta1('0.9'), beta2, tau] },
  FedAdagrad: { does: 'The mean as a step that becomes smaller the more a number has moved.', parameters: [rate('0.03'), beta1('0'), tau] },
  QFedAvg: { does: 'The more a device counts, the higher its loss is. For a model that is no worse for some than for others.', parameters: [{ name: 'q', label: 'q', without: '0.1' }, { name: 'device_learning_rate', label: 'Learning rate of devices', without: undefined }] },
  FedMedian: { does: 'The median of each number. For a device or two that may send nonsense.', parameters: [] },
  FedTrimmedAvg: { does: 'The mean of each number without the smallest and the largest values.', parameters: [{ name: 'trim_fraction', label: 'Share left out at either end', without: '0.2' }] },
  Krum: { does: 'The one update that is nearest to its neighbours. Against devices that lie.', parameters: [malicious] },
  MultiKrum: { does: 'The mean of the updates that are nearest to theirs. Against devices that lie.', parameters: [malicious, { name: 'num_selected', label: 'Updates taken', without: 'devices − malicious − 2', step: 1 }] },
  GeometricMedian: { does: 'The point with the least sum of distances to the updates. Against devices that lie.', parameters: [{ name: 'iterations', label: 'Iterations', without: '4', step: 1 }] },
  Bulyan: { does: 'Krum’s picks, then what is near their median, number by number. Against devices that lie.', parameters: [malicious] },
};

export const strategyNames = Object.keys(strategies) as readonly StrategyName[];

/** What somebody has chosen; `undefined` is what is taken when nothing is said. */
export interface ChosenStrategy {
  readonly type: StrategyName | undefined;
  /** As typed, by the parameter's name; those of other strategies stay for when they are chosen again. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** As the request has it: left out, a name, or an object with what was typed. */
export function strategyOf({ type, parameters }: ChosenStrategy): Strategy | undefined {
  if (type === undefined) return undefined;
  const given = strategies[type].parameters.flatMap(({ name }) => (parameters[name] ? [[name, Number(parameters[name])] as const] : []));
  const isName = given.length === 0 && strategies[type].parameters.every(({ without }) => without !== undefined);
  return (isName ? type : { type, ...Object.fromEntries(given) }) as Strategy;
}
