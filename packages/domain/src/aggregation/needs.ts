import type { TensorSpec } from '../layout/model-layout.js';
import type { StrategySpec } from './specification/specification.js';
import { strategies } from './strategies/strategies.js';
import type { MomentName } from './step/step.js';
import { momentTensors } from './step/take-step.js';
import type { Strategy } from './strategy.js';

/** What a strategy works with besides the updates. */
export interface Needs {
  /** The model that the updates were trained from. */
  readonly start: boolean;
  /** What it keeps from round to round; undefined when that is nothing. */
  readonly state: StateNeeds | undefined;
  /** Numbers that nobody can know beforehand. */
  readonly noise: boolean;
  /** The metric that is every device's loss of the start model, above 0. */
  readonly loss: string | undefined;
}

export interface StateNeeds {
  /** States of the same kind can be gone on with, whichever strategy left them. */
  readonly kind: string;
  /** The tensors of the state of a model with these. */
  tensors(model: readonly TensorSpec[]): TensorSpec[];
}

export function needsOf(spec: StrategySpec): Needs {
  const strategy = strategies[spec.type] as Strategy<unknown>;
  const step = strategy.step?.(spec);
  const noise = 'noise' in spec && (spec.noise?.noise_multiplier ?? 0) > 0;
  return { start: step !== undefined || spec.clipping !== undefined || strategy.readsStart === true, state: stateNeeds(spec, Object.keys(step?.moments ?? {}) as MomentName[]), noise, loss: 'loss_metric' in spec ? spec.loss_metric : undefined };
}

function stateNeeds(spec: StrategySpec, moments: readonly MomentName[]): StateNeeds | undefined {
  if (moments.length === 0 && spec.clipping?.type !== 'adaptive') return undefined;
  const exclude = 'exclude' in spec ? spec.exclude : [];
  return {
    kind: JSON.stringify({ moments, ...(exclude.length > 0 && { exclude }) }),
    tensors: (model) => momentTensors(model, moments, exclude),
  };
}

/** Whether a lone update is what becomes of it, so that its very bytes can be kept. */
export const keepsLoneUpdate = (spec: StrategySpec): boolean => !needsOf(spec).start;
