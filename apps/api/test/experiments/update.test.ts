import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, send, startApi, type TestApi } from '../support/api.js';
import { insertJob } from '../support/rows.js';
import { getExperiment, newPlace, submitInline, type Place } from '../support/uploads.js';

describe.each(databases)('experiment/update on %s', (database) => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi(database);
  });
  afterAll(() => api.close());

  const update = ({ project, experiment }: Place, changes: Record<string, unknown>) =>
    send(api, 'POST', '/v1/experiment/update', { key: api.adminKey, json: { project_id: project, experiment_id: experiment, ...changes } });

  const described = async ({ project, experiment }: Place) =>
    (await send(api, 'GET', `/v1/experiment/describe/${project}/${experiment}`, { key: api.adminKey })).body;

  it('changes what it is given, leaves the rest, and answers with the experiment as it is then', async () => {
    const place = await newPlace(api);
    await update(place, { experiment_name: 'One', experiment_description: 'First' });
    const { status, body } = await update(place, { hyperparameters: { lr: 0.1 } });
    expect(status).toBe(200);
    expect(body).toEqual(await getExperiment(api, place));
    expect(await described(place)).toMatchObject({ name: 'One', description: 'First', hyperparameters: { lr: 0.1 } });
  });

  it('replaces hyperparameters as a whole', async () => {
    const place = await newPlace(api);
    await update(place, { hyperparameters: { a: 1, b: 2 } });
    await update(place, { hyperparameters: { b: 3 } });
    expect((await getExperiment(api, place)).hyperparameters).toEqual({ b: 3 });
  });

  it('clears a text with null', async () => {
    const place = await newPlace(api);
    await update(place, { experiment_name: 'One', experiment_description: 'First' });
    await update(place, { experiment_name: null, experiment_description: null });
    expect(await described(place)).toMatchObject({ name: null, description: null });
  });

  const listed = async ({ project, experiment }: Place, query = '') => {
    const { body } = await send(api, 'GET', `/v1/experiment/list/${project}?${query}`, { key: api.adminKey });
    return body.data.find(({ experiment_id }: { experiment_id: string }) => experiment_id === experiment);
  };

  it('puts tags in the place of those that are there', async () => {
    const place = await newPlace(api);
    await update(place, { tags: ['paper', 'gpu', 'A,B'] });
    expect([(await described(place)).tags, (await listed(place)).tags]).toEqual([['A,B', 'gpu', 'paper'], ['A,B', 'gpu', 'paper']]);
    await update(place, { experiment_name: 'Tagged' });
    await update(place, { tags: ['gpu', 'new'] });
    expect(await described(place)).toMatchObject({ name: 'Tagged', tags: ['gpu', 'new'] });
    await update(place, { tags: [] });
    expect((await described(place)).tags).toEqual([]);
  });

  it('hides what is archived from lists that do not ask for it, and brings it back', async () => {
    const place = await newPlace(api);
    await update(place, { archived: true });
    expect([await listed(place), (await listed(place, 'archived=only')).archived_at]).toEqual([undefined, (await described(place)).archived_at]);
    expect(Date.parse((await described(place)).archived_at as string)).toBeGreaterThan(0);
    await update(place, { archived: false });
    expect([(await listed(place)).archived_at, await listed(place, 'archived=only')]).toEqual([null, undefined]);
  });

  it('is found by its new name, and not by the old one', async () => {
    const place = await newPlace(api);
    await update(place, { experiment_name: 'Erste' });
    await update(place, { experiment_name: 'ZWEITE' });
    expect([await listed(place, 'q=erste'), (await listed(place, 'q=zweite'))?.name]).toEqual([undefined, 'ZWEITE']);
    await update(place, { experiment_name: null });
    expect(await listed(place, 'q=zweite')).toBeUndefined();
  });

  it('leaves one set of tags when many are written at once', async () => {
    const place = await newPlace(api);
    const sets = Array.from({ length: 12 }, (_, at) => [`a${at}`, `b${at}`]);
    const replies = await Promise.all(sets.map((tags) => update(place, { tags })));
    expect(replies.map(({ status }) => status)).toEqual(Array(12).fill(200));
    expect(sets).toContainEqual((await described(place)).tags);
  });

  it('works after the start model too', async () => {
    const place = await newPlace(api);
    await submitInline(api, place, { w: 1 });
    const { body } = await update(place, { hyperparameters: { lr: 1 } });
    expect(body).toMatchObject({ hyperparameters: { lr: 1 }, start_model: { entity_id: place.experiment } });
  });

  describe('once a job exists', () => {
    it('refuses other hyperparameters with 400 hyperparameters_fixed and changes nothing', async () => {
      const place = await newPlace(api);
      await update(place, { hyperparameters: { lr: 1 } });
      await insertJob(api, place);
      const { status, body } = await update(place, { hyperparameters: { lr: 2 }, experiment_name: 'Never' });
      expect([status, body.code]).toEqual([400, 'hyperparameters_fixed']);
      expect(await described(place)).toMatchObject({ hyperparameters: { lr: 1 }, name: null });
    });

    it('still takes another name and description', async () => {
      const place = await newPlace(api);
      await insertJob(api, place);
      expect((await update(place, { experiment_name: 'Later' })).status).toBe(200);
      expect(await described(place)).toMatchObject({ name: 'Later' });
    });
  });

  it('loses none of many changes at once', async () => {
    const place = await newPlace(api);
    const before = await api.ctx.db.prisma.experiment.findUniqueOrThrow({ where: { id: place.experiment } });
    const replies = await Promise.all(Array.from({ length: 20 }, (_, at) => update(place, { experiment_name: `Name ${at}` })));
    expect(replies.map(({ status }) => status)).toEqual(Array(20).fill(200));
    const after = await api.ctx.db.prisma.experiment.findUniqueOrThrow({ where: { id: place.experiment } });
    expect(after.version - before.version).toBe(20);
    expect(after.nextEventSequence - before.nextEventSequence).toBe(20);
  });

  it.each([
    ['an empty name', { experiment_name: '' }],
    ['a name of 201 characters', { experiment_name: 'x'.repeat(201) }],
    ['a description of 10,001 characters', { experiment_description: 'x'.repeat(10_001) }],
    ['hyperparameters of null', { hyperparameters: null }],
    ['a part it does not know', { is_active: true }],
    ['17 tags', { tags: Array.from({ length: 17 }, (_, at) => `t${at}`) }],
    ['a tag twice', { tags: ['a', 'b', 'a'] }],
    ['an empty tag', { tags: [''] }],
    ['a tag of 51 characters', { tags: ['x'.repeat(51)] }],
    ['tags of null', { tags: null }],
    ['a time in the place of archived', { archived: '2026-01-01' }],
  ])('refuses %s with 400', async (_what, changes) => {
    const place = await newPlace(api);
    const { status, body } = await update(place, changes);
    expect([status, body.code]).toEqual([400, 'invalid_request']);
  });

  it('is 404 for an experiment that is not there', async () => {
    const { project } = await newPlace(api);
    for (const changes of [{ experiment_name: 'x' }, { hyperparameters: {} }]) {
      const { status, body } = await update({ project, experiment: 'f'.repeat(32) }, changes);
      expect([status, body.code]).toEqual([404, 'experiment_not_found']);
    }
  });
});
