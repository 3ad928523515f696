import { describe, expect, it } from 'vitest';
import { completeStrategy, type StrategyRequest } from '../../src/aggregation/specification/complete.js';
import { wrongNumberOfDevices } from '../../src/aggregation/specification/devices-needed.js';
import { matchesGlob } from '../../src/aggregation/specification/matches-glob.js';

const complete = (request: unknown) => completeStrategy(request as StrategyRequest);

describe('a strategy that is asked for', () => {
  it('has every parameter that was left out at its default', () => {
    expect(complete('FedAvg')).toEqual({ type: 'FedAvg', weighting: 'examples' });
    expect(complete('FedAdam')).toEqual({
      type: 'FedAdam', server_learning_rate: 0.1, beta_1: 0.9, beta_2: 0.99, tau: 1e-3, initial_accumulator: 1e-3 * 1e-3, bias_correction: false,
      exclude: ['*running_mean', '*running_var', '*num_batches_tracked'], weighting: 'examples',
    });
    expect(complete('FedYogi')).toMatchObject({ server_learning_rate: 0.1 });
    expect(complete('FedAdagrad')).toMatchObject({ server_learning_rate: 0.03, beta_1: 0 });
    expect(complete('FedAvgM')).toMatchObject({ server_learning_rate: 1, server_momentum: 0.9 });
    expect(complete('FedProx')).toEqual({ type: 'FedProx', proximal_mu: 0.01, weighting: 'examples' });
    expect(complete('FedTrimmedAvg')).toEqual({ type: 'FedTrimmedAvg', trim_fraction: 0.2 });
    expect(complete({ type: 'FedTrimmedAvg', num_trimmed: 0 })).toEqual({ type: 'FedTrimmedAvg', num_trimmed: 0 });
    expect(complete('GeometricMedian')).toEqual({ type: 'GeometricMedian', iterations: 4, smoothing: 1e-6, weighting: 'examples' });
    expect(complete({ type: 'FedAvg', clipping: { type: 'adaptive' } })).toMatchObject({ clipping: { type: 'adaptive', initial_norm: 0.1, target_quantile: 0.5, learning_rate: 0.2 } });
  });

  it('weighs nobody where a liar would gain by it: in MultiKrum, and with noise', () => {
    expect(complete({ type: 'MultiKrum', num_malicious: 1 })).toMatchObject({ weighting: 'uniform' });
    expect(complete({ type: 'FedAvg', combine: { type: 'MultiKrum', num_malicious: 1 } })).toMatchObject({ weighting: 'uniform' });
    expect(complete({ type: 'FedAvg', clipping: { type: 'fixed', norm: 1 }, noise: { noise_multiplier: 1 } })).toMatchObject({ weighting: 'uniform' });
    expect(complete('FedMedian')).not.toHaveProperty('weighting');
  });

  it('is the same text for the same thing in other words, and completes to itself', () => {
    const said = complete({ beta_1: 0.9, type: 'FedAdam', clipping: { norm: 1, type: 'fixed' }, tau: 1e-3 });
    expect(JSON.stringify(said)).toBe(JSON.stringify(complete({ type: 'FedAdam', tau: 1e-3, clipping: { type: 'fixed', norm: 1 } })));
    expect(JSON.stringify(complete(said))).toBe(JSON.stringify(said));
  });
});

describe('the number of devices', () => {
  it.each([
    [{ type: 'Krum', num_malicious: 1 }, 4, 5],
    [{ type: 'MultiKrum', num_malicious: 2 }, 6, 7],
    [{ type: 'MultiKrum', num_malicious: 1, num_selected: 9 }, 9, 10],
    [{ type: 'Bulyan', num_malicious: 1 }, 6, 7],
    [{ type: 'FedTrimmedAvg', num_trimmed: 3 }, 6, 7],
    [{ type: 'FedAdam', combine: { type: 'Krum', num_malicious: 3 } }, 8, 9],
    [{ type: 'FedAvg', clipping: { type: 'adaptive' }, noise: { noise_multiplier: 0.6 } }, 6, 7],
  ])('that %j needs is told beforehand: not %i, but %i', (request, tooFew, enough) => {
    expect(wrongNumberOfDevices(complete(request), tooFew)).toMatchObject({ code: 'strategy_needs_more_devices', detail: expect.stringContaining(String(tooFew)) });
    expect(wrongNumberOfDevices(complete(request), enough)).toBeUndefined();
  });

  it.each([['FedMedian', 1000], ['GeometricMedian', 1000], [{ type: 'Krum', num_malicious: 0 }, 256], [{ type: 'Bulyan', num_malicious: 0 }, 256]])('that %j takes has an end at %i', (request, most) => {
    expect(wrongNumberOfDevices(complete(request), most)).toBeUndefined();
    expect(wrongNumberOfDevices(complete(request), most + 1)).toMatchObject({ code: 'strategy_too_many_devices' });
  });

  it('is nobody\'s business where updates are only averaged', () => {
    for (const type of ['FedAvg', 'FedAdam', 'FedProx']) for (const count of [1, 100_000]) expect(wrongNumberOfDevices(complete(type), count)).toBeUndefined();
  });
});

describe('a pattern of names', () => {
  it.each([
    ['*running_mean', 'norm.running_mean', true],
    ['*running_mean', 'running_mean.x', false],
    ['head.*', 'head.', true],
    ['head.*', 'ahead.w', false],
    ['a*b*c', 'a-b-b-c', true],
    ['a*b*c', 'a-c-b', false],
    ['ab*ba', 'aba', false],
    ['w', 'w', true],
    ['w', 'ww', false],
    ['*', '', true],
    ['a.c', 'abc', false],
    ['**', 'anything', true],
  ])('%j says of %j: %j', (pattern, name, expected) => {
    expect(matchesGlob(pattern, name)).toBe(expected);
  });
});
