import { describe, expect, it } from 'vitest';
import { JobStatus, liveStatuses, sourcesOf, transitions } from '../../src/index.js';

const every = Object.values(JobStatus);
const final: readonly JobStatus[] = ['COMPLETED', 'CANCELLED', 'FAILED'];

/** The life of a job as it is documented, row for row: from, to. */
const documented: Array<[JobStatus | null, JobStatus]> = [
  [null, 'INITIALIZED'],
  [null, 'IN_PROGRESS'],
  ['INITIALIZED', 'IN_PROGRESS'],
  ['IN_PROGRESS', 'AGGREGATION_IN_PROGRESS'],
  ['AGGREGATION_IN_PROGRESS', 'COMPLETED'],
  ['INITIALIZED', 'CANCELLED'],
  ['IN_PROGRESS', 'CANCELLED'],
  ['AGGREGATION_IN_PROGRESS', 'CANCELLED'],
  ['IN_PROGRESS', 'FAILED'],
  ['AGGREGATION_IN_PROGRESS', 'FAILED'],
];

describe('the table of transitions', () => {
  it('is the documented one; a job that is first in line is created and started in two steps of one transaction', () => {
    const steps = documented.filter(([from, to]) => !(from === null && to === 'IN_PROGRESS'));
    expect(transitions.map(({ from, to }) => `${from} → ${to}`).sort()).toEqual(steps.map(([from, to]) => `${from} → ${to}`).sort());
  });

  it('says of each row when it happens', () => {
    for (const { when } of transitions) expect(when).toMatch(/\w/);
  });

  it('lets nothing leave a final status, and leads from every other one to an end', () => {
    for (const status of every) {
      const leaves = transitions.filter(({ from }) => from === status).map(({ to }) => to);
      expect(leaves.length === 0, status).toBe(final.includes(status));
      if (!final.includes(status)) expect(leaves).toContain('CANCELLED');
    }
  });

  it('has a status live, final or waiting, never two of them', () => {
    expect([...liveStatuses, ...final, 'INITIALIZED'].sort()).toEqual([...every].sort());
  });

  it('tells from where a status is reached', () => {
    for (const to of every) expect(sourcesOf(to)).toEqual(transitions.filter((row) => row.to === to && row.from !== null).map(({ from }) => from));
    expect(sourcesOf('INITIALIZED')).toEqual([]);
  });
});
