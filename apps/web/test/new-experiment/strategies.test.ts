import { contract } from '@vergeai/contract';
import { describe, expect, it } from 'vitest';
import { strategies, strategyNames, strategyOf } from '../../src/routes/p/new/strategies.js';

const accepts = (aggregation_strategy: unknown) => contract.experiment.create.body.safeParse({ project_id: '0'.repeat(32), aggregation_strategy });

// That every strategy of the API is among them is a matter of types.
describe.each(strategyNames)('the strategy %s of the form', (type) => {
  const { parameters } = strategies[type];

  it('is one that the API takes, with nothing but what it needs', () => {
    const needed = Object.fromEntries(parameters.flatMap(({ name, without }) => (without === undefined ? [[name, '1']] : [])));
    expect(accepts(strategyOf({ type, parameters: needed }))).toMatchObject({ success: true });
  });

  it('has parameters that the API takes', () => {
    const all = Object.fromEntries(parameters.map(({ name, step }) => [name, step === 1 ? '1' : '0.25']));
    expect(accepts(strategyOf({ type, parameters: { ...all, of_another: '7' } }))).toMatchObject({ success: true });
  });
});
