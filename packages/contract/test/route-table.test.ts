import { describe, expect, it } from 'vitest';
import { contract, routeTable } from '../src/index.js';

const rows = Object.entries(routeTable({ ...contract })).flatMap(([resource, routes]) => Object.entries(routes).map(([name, row]) => ({ name: `${resource}.${name}`, row })));
const named = (has: (row: (typeof rows)[number]['row']) => boolean) => rows.filter(({ row }) => has(row)).map(({ name }) => name);
const rowOf = (name: string) => rows.find((each) => each.name === name)?.row;

describe('the table of routes', () => {
  it('has every operation with its method, path, query and printed status', () => {
    expect(rows).toHaveLength(Object.values(contract).flatMap((resource) => Object.keys(resource as object)).length);
    expect(rowOf('experiment.create')).toEqual({ method: 'POST', path: '/v1/experiment/create', status: 204 });
    expect(rowOf('job.list')).toEqual({ method: 'GET', path: '/v1/job/list/:project_id/:experiment_id', query: ['limit', 'cursor', 'status'], status: 200, paging: 'cursor' });
  });

  it('says which lists go on, and by which parameter', () => {
    const pages = ['auth.list', 'user.list', 'project.list', 'project.members', 'project.audit', 'user.audit', 'experiment.list', 'experiment.metrics', 'job.list', 'device.list'];
    expect(named(({ paging }) => paging === 'cursor')).toEqual(expect.arrayContaining(pages));
    expect(named(({ paging }) => paging === 'after before')).toEqual(['experiment.events']);
    // Its jobs are a page, it is not.
    expect(rowOf('experiment.describe')).not.toHaveProperty('paging');
    for (const { name, row } of rows) for (const parameter of row.paging?.split(' ') ?? []) expect(row.query, name).toContain(parameter);
  });

  it('says which answers are a link to a model, and not the one that has a link among other things', () => {
    expect(named(({ link }) => link === true)).toEqual(['experiment.start_model', 'experiment.current_model', 'experiment.best_model', 'job.start_model', 'job.aggregate_model']);
    expect(rowOf('device.next_job')).toEqual({ method: 'GET', path: '/v1/device/next_job/:project_id', query: ['wait'], status: 200 });
  });

  it('says which take a model, and which can be followed', () => {
    expect(named(({ carriesModel }) => carriesModel === true)).toEqual(['experiment.submit_start_model', 'device.submit_model_update']);
    expect(named(({ streams }) => streams === true)).toContain('experiment.events');
    expect(named(({ streams }) => streams === 'only')).toEqual(['project.changes']);
  });
});
