import { expect, it } from 'vitest';
import { UnfinishedJobs } from '../src/load/unfinished-jobs.js';

it('a job whose end was told before its making was answered is not waited for', () => {
  const jobs = new UnfinishedJobs();
  jobs.begin('one');
  jobs.begin('two');
  jobs.end('one');
  jobs.begin('one');
  expect([...jobs]).toEqual(['two']);
  expect(jobs.size).toBe(1);
});
