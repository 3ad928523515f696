import { JobStatus, transitions } from '@vergeai/domain';
import { expect, it } from 'vitest';
import { legalSteps } from '../src/check/legal-steps.js';

it("takes for legal exactly the steps of the domain's table, though it is written down a second time", () => {
  const written = Object.entries(legalSteps).flatMap(([from, targets]) => targets.map((to) => `${from} → ${to}`));
  expect(written.sort()).toEqual(transitions.map(({ from, to }) => `${from ?? ''} → ${to}`).sort());
  expect(Object.keys(legalSteps).sort()).toEqual(['', ...Object.values(JobStatus)].sort());
});
