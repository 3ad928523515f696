import type { Step } from './step.js';

export interface AdaptiveParameters {
  readonly server_learning_rate: number;
  readonly beta_1: number;
  readonly tau: number;
  readonly initial_accumulator: number;
}

/** How the second moment goes on: `v` is changed in place by the squares of `d`. */
export type SecondMoment = (v: Float64Array, d: Float64Array) => void;

/**
 * A step whose length at each coordinate goes by how large the directions there have been:
 * m ← β₁m + (1−β₁)d, x ← x + η·m / (√v + τ).
 * Source: Reddi et al., "Adaptive Federated Optimization", 2021, arXiv:2003.00295, algorithm 2.
 */
export function adaptiveStep(parameters: AdaptiveParameters, secondMoment: SecondMoment, rateIn = (_round: number) => parameters.server_learning_rate): Step {
  const { beta_1: beta, tau, initial_accumulator: initial } = parameters;
  const rest = 1 - beta;
  return {
    moments: { m: 0, v: initial },
    advance(x, d, { m, v }, round) {
      const rate = rateIn(round);
      for (let i = 0; i < d.length; i++) m[i] = beta * m[i]! + rest * d[i]!;
      secondMoment(v, d);
      for (let i = 0; i < x.length; i++) x[i] = x[i]! + (rate * m[i]!) / (Math.sqrt(v[i]!) + tau);
    },
  };
}

/** A rate that makes up for moments that began at 0. Powers are products, since the machine's own may differ in the last bit. */
export function correctedRate(rate: number, beta1: number, beta2: number): (round: number) => number {
  return (round) => (rate * Math.sqrt(1 - power(beta2, round))) / (1 - power(beta1, round));
}

function power(base: number, exponent: number): number {
  let product = 1;
  for (let i = 0; i < exponent; i++) product *= base;
  return product;
}
