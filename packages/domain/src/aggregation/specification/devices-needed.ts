import { numTrimmed } from './num-trimmed.js';
import type { RuleParameters, StrategySpec } from './specification.js';

/** Why a strategy can't work with so many updates. */
export interface WrongNumberOfDevices {
  readonly code: 'strategy_needs_more_devices' | 'strategy_too_many_devices';
  readonly detail: string;
}

/** Where values are sorted, a block of every update is held at once. */
const MOST_SORTED = 1000;
/** Where updates are compared in pairs, the work grows with the square of their number. */
const MOST_COMPARED = 256;

/**
 * Whether `count` updates are too few or too many for what the strategy does with them; undefined when they are right.
 * The number of updates of a job is known when it is created, so this is the only time to ask.
 */
export function wrongNumberOfDevices(spec: StrategySpec, count: number): WrongNumberOfDevices | undefined {
  const rule = ruleOf(spec);
  if (rule) {
    const wrong = wrongForRule(rule, count);
    if (wrong) return wrong;
  }
  const noise = 'noise' in spec ? spec.noise : undefined;
  if (noise && spec.clipping?.type === 'adaptive' && noise.noise_multiplier >= count / 10) {
    return tooFew(`With adaptive clipping a noise_multiplier of ${noise.noise_multiplier} needs more than ${10 * noise.noise_multiplier} devices, not ${count}.`);
  }
  return undefined;
}

/** The rule that combines the updates; undefined where it is their mean. */
export function ruleOf(spec: StrategySpec): RuleParameters | undefined {
  switch (spec.type) {
    case 'FedAvg': case 'FedProx': case 'FedAvgM': case 'FedAdam': case 'FedYogi': case 'FedAdagrad': return spec.combine;
    case 'QFedAvg': return undefined;
    default: return spec;
  }
}

function wrongForRule(rule: RuleParameters, count: number): WrongNumberOfDevices | undefined {
  switch (rule.type) {
    case 'FedMedian':
      return tooMany(rule.type, count, MOST_SORTED);
    case 'FedTrimmedAvg': {
      const trimmed = numTrimmed(rule, count);
      if (2 * trimmed < count) return tooMany(rule.type, count, MOST_SORTED);
      return tooFew(`FedTrimmedAvg that leaves out ${trimmed} updates at either end needs at least ${2 * trimmed + 1} devices, not ${count}.`);
    }
    case 'GeometricMedian':
      return tooMany(rule.type, count, MOST_SORTED);
    case 'Krum':
      return tooFewFor(rule, 2 * rule.num_malicious + 3, count) ?? tooMany(rule.type, count, MOST_COMPARED);
    case 'MultiKrum': {
      const wrong = tooFewFor(rule, 2 * rule.num_malicious + 3, count) ?? tooMany(rule.type, count, MOST_COMPARED);
      if (wrong || rule.num_selected === undefined || rule.num_selected <= count - rule.num_malicious) return wrong;
      return tooFew(`MultiKrum that selects ${rule.num_selected} updates beside ${rule.num_malicious} malicious ones needs at least ${rule.num_selected + rule.num_malicious} devices, not ${count}.`);
    }
    case 'Bulyan':
      return tooFewFor(rule, 4 * rule.num_malicious + 3, count) ?? tooMany(rule.type, count, MOST_COMPARED);
  }
}

function tooFewFor({ type, num_malicious: malicious }: { readonly type: string; readonly num_malicious: number }, needed: number, count: number): WrongNumberOfDevices | undefined {
  if (count >= needed) return undefined;
  return tooFew(`${type} against ${malicious} malicious ${malicious === 1 ? 'device' : 'devices'} needs at least ${needed} devices, not ${count}.`);
}

const tooFew = (detail: string): WrongNumberOfDevices => ({ code: 'strategy_needs_more_devices', detail });

const tooMany = (type: string, count: number, most: number): WrongNumberOfDevices | undefined =>
  count <= most ? undefined : { code: 'strategy_too_many_devices', detail: `${type} takes at most ${most} devices, not ${count}.` };
