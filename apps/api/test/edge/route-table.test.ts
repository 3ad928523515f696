import { describe, expect, it } from 'vitest';
import { RouteTable } from '../../src/http/edge/route-table.js';

describe('a route that a request could not be told to mean', () => {
  it.each([
    ['has the method and the beginning of another', '/v1/job/get/:other_id'],
    ['differs from another in upper and lower case', '/v1/Job/Get/:job_id'],
    ['has a parameter in its first two segments', '/v1/:resource'],
    ['has a parameter as the third', '/v1/job/:job_id'],
    ['has one segment', '/v1'],
  ])('does not register when it %s', (_why, path) => {
    const table = new RouteTable();
    table.routerFor('GET', '/v1/job/get/:project_id/:job_id');
    table.routerFor('POST', '/v1/job/get/:project_id/:job_id');
    expect(() => table.routerFor('GET', path)).toThrow('is not told from other routes');
  });
});
