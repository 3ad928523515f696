import type { Strategy } from '../experiment.js';
import type { Attack } from './attack.js';
import type { Skew } from './split-digits.js';

/** What is simulated. The same one gives the same model, bit for bit, unless its strategy adds noise. */
export interface Simulation {
  readonly strategy: Strategy;
  readonly devices: number;
  readonly rounds: number;
  readonly attack?: Attack | undefined;
  readonly skew: Skew;
  readonly epochs: number;
  readonly seed: number;
  /** How many digits all devices together train on. */
  readonly digits: number;
  /** Kills the server with -9 once in every round. */
  readonly killServer: boolean;
}

/** A strategy by its type and by what differs from a plain one: `FedAdam, combine GeometricMedian`. */
export function nameOf(strategy: Strategy): string {
  if (typeof strategy === 'string') return strategy;
  const { type, ...rest } = strategy;
  const shown = (value: unknown): string => {
    if (typeof value !== 'object' || value === null) return String(value);
    const { type: inner, ...others } = value as Record<string, unknown>;
    return [...(inner === undefined ? [] : [shown(inner)]), ...Object.entries(others).map(([name, one]) => `${name} ${shown(one)}`)].join(' ');
  };
  return [type, ...Object.entries(rest).map(([name, value]) => `${name} ${shown(value)}`)].join(', ').slice(0, 200);
}
