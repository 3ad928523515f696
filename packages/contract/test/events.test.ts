import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { eventCatalogue, eventTypes, misfit, type EventType } from '../src/index.js';
import { jobStatus } from '../src/job-status.js';
import { answerSchema, faults } from './support/route.js';

type Value = Record<string, unknown>;
interface Entry extends Value {
  readonly type: EventType;
  readonly job_id: string | null;
  readonly device_id: string | null;
  readonly data: Value;
}

const { events } = JSON.parse(await readFile(new URL('../fixtures/events.json', import.meta.url), 'utf8')) as { events: Entry[] };
const answer = answerSchema('experiment.events');
/** What comes of an entry that stands in the log, as text: the order of its keys counts. */
const onTheWire = (entry: Value) => JSON.stringify((answer.parse({ data: [entry], next_after: null }) as { data: Value[] }).data[0]);

/** The keys that an event may be without: what was left as it is, and what a later version has added. */
const mayBeMissing: Partial<Record<EventType, readonly string[]>> = {
  experiment_updated: ['name', 'description', 'hyperparameters', 'tags', 'archived', 'aggregation_strategy', 'keep_best'],
  job_initialized: ['series_id', 'kind'],
  job_aggregation_in_progress: ['updates'],
  experiment_forked: ['server_state', 'sweep_id'],
  experiment_paused: ['reason'],
  current_model_changed: ['by', 'reason', 'strategy', 'selected', 'clipped', 'clipping_norm', 'state_sha256'],
};

describe('the catalogue of events', () => {
  it('has an example of each type in the fixtures, in its order', () => {
    expect(events.map(({ type }) => type)).toEqual(eventTypes);
  });

  it('has a type for every status that a job can have', () => {
    for (const status of jobStatus.options) expect(eventTypes).toContain(`job_${status.toLowerCase()}`);
  });

  it.each(eventTypes)('says in a sentence when %s is written', (type) => {
    expect(type).toMatch(/^[a-z]+(_[a-z]+)+$/);
    expect(eventCatalogue[type].when).toMatch(/^[A-Z].{15,}\.$/);
  });

  it.each(events)('has the data of $type key for key, no more and no fewer', ({ type, data }) => {
    const schema = eventCatalogue[type].data;
    expect(JSON.stringify(schema.parse(data))).toBe(JSON.stringify(data));
    expect(faults(schema, { ...data, more: 1 })).toEqual(['']);
    for (const key of Object.keys(data)) expect(faults(schema, { ...data, [key]: undefined }), key).toEqual(mayBeMissing[type]?.includes(key) ? [] : [key]);
  });

  it.each(events)('says whether $type has a job_id and a device_id', ({ type, job_id, device_id }) => {
    const { about } = eventCatalogue[type];
    expect(device_id !== null).toBe(about === 'device');
    if (about !== 'model') expect(job_id !== null).toBe(about !== 'experiment');
  });
});

describe('what is not exactly as the catalogue has it', () => {
  it.each(events)('is nothing in the example of $type, and every other id or key of it', (entry) => {
    expect(misfit(entry)).toBeUndefined();
    const otherJob = misfit({ ...entry, job_id: entry.job_id === null ? 'j' : null });
    if (eventCatalogue[entry.type].about === 'model') expect(otherJob).toBeUndefined();
    else expect(otherJob).toMatch(/^it has (no|a) job_id$/);
    expect(misfit({ ...entry, device_id: entry.device_id === null ? 'd' : null })).toMatch(/^it has (no|a) device_id$/);
    expect(misfit({ ...entry, data: { ...entry.data, added: 1 } })).toMatch(/^its data is wrong: .*"added"/);
  });

  it('is named with where it stands', () => {
    const example = events.find(({ type }) => type === 'model_update_submitted')!;
    expect(misfit({ ...example, data: { ...example.data, metrics: { loss: '0.25' } } })).toMatch(/^its data is wrong: data\.metrics\.loss: /);
    expect(misfit({ ...example, type: 'job_forgotten' })).toBe('nobody knows events of the type job_forgotten');
  });
});

describe('an entry of the log goes out as it stands there', () => {
  it.each(events)('when it is $type', (entry) => {
    expect(onTheWire(entry)).toBe(JSON.stringify(entry));
  });

  it.each(events)('when it is $type with data that a newer server has added', (entry) => {
    const newer = { ...entry, data: { ...entry.data, added: { later: [1, null] } } };
    expect(onTheWire(newer)).toBe(JSON.stringify(newer));
  });

  it.each(events)('when it is $type and all of its data is missing', (entry) => {
    const older = { ...entry, data: {} };
    expect(onTheWire(older)).toBe(JSON.stringify(older));
  });

  it('when it is of a type that this version does not know', () => {
    const newer = { ...events[0]!, type: 'job_paused', job_id: 'j', device_id: 'd', data: { until: null, by: { hand: true } } };
    expect(onTheWire(newer)).toBe(JSON.stringify(newer));
  });
});
