import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { deviceId, experimentId, jobId, projectId } from './support/documented.js';
import { all, faults, requestSchema } from './support/route.js';

/** The least that each operation takes, written by hand from the reference. */
const least: Record<string, Record<string, unknown> | undefined> = {
  'auth.create': undefined,
  'auth.create_key': undefined,
  'auth.revoke': { key_id: 'k1' },
  'auth.create_session': undefined,
  'auth.delete_session': undefined,
  'auth.revoke_session': { session_id: deviceId },
  'auth.create_sign_in_code': undefined,
  'user.create': undefined,
  'project.create': { project_name: 'Digits' },
  'project.update': { project_id: projectId },
  'project.delete': { project_id: projectId },
  'project.limit_storage': { project_id: projectId, max_bytes: null },
  'project.add_member': { project_id: projectId, user_id: deviceId, permission_level: 5 },
  'project.update_member': { project_id: projectId, user_id: deviceId, permission_level: 1 },
  'project.remove_member': { project_id: projectId, user_id: deviceId },
  'experiment.create': { project_id: projectId },
  'experiment.submit_start_model': { project_id: projectId, experiment_id: experimentId },
  'experiment.update': { project_id: projectId, experiment_id: experimentId },
  'experiment.fork': { project_id: projectId, experiment_id: experimentId },
  'experiment.rollback': { project_id: projectId, experiment_id: experimentId, to: 'start' },
  'experiment.pause': { project_id: projectId, experiment_id: experimentId },
  'experiment.resume': { project_id: projectId, experiment_id: experimentId },
  'job.create': { project_id: projectId, experiment_id: experimentId, num_devices: 1 },
  'job.create_series': { project_id: projectId, experiment_id: experimentId, num_devices: 1, count: 1 },
  'job.cancel': { project_id: projectId, job_id: jobId },
  'job.retry': { project_id: projectId, job_id: jobId },
  'sweep.create': { project_id: projectId, experiment_id: experimentId, hyperparameters: { lr: { values: [0.1, 0.01] } }, method: 'grid', num_jobs: 1, job: { num_devices: 1 }, metric: 'loss', mode: 'min' },
  'sweep.cancel': { project_id: projectId, sweep_id: jobId },
  'device.create': { project_id: projectId },
  'device.register': { project_id: projectId },
  'device.submit_model_update': { project_id: projectId, job_id: jobId },
  'device.update': { project_id: projectId, device_id: deviceId },
  'device.delete': { project_id: projectId, device_id: deviceId },
  'device.heartbeat': { project_id: projectId, job_id: jobId },
  'user.disable': { user_id: '0b3a5d9c8f7e4a61b2c3d4e5f60718a9' },
  'user.enable': { user_id: '0b3a5d9c8f7e4a61b2c3d4e5f60718a9' },
  'user.reset_key': { user_id: '0b3a5d9c8f7e4a61b2c3d4e5f60718a9' },
  'experiment.delete': { project_id: projectId, experiment_id: experimentId },
  'device.report_metrics': { project_id: projectId, job_id: jobId, first: 0, reports: [{ metrics: {} }] },
  'device.report_failure': { project_id: projectId, job_id: jobId, reason: 'battery low' },
  'device.submit_evaluation': { project_id: projectId, job_id: jobId, metrics: { accuracy: 0.9 } },
};

const check = (name: string, change: Record<string, unknown> = {}) => faults(requestSchema(name, 'body'), { ...least[name], ...change });
const everyPost = Object.keys(least);

describe('the body of a request', () => {
  it('is known here for every POST', () => {
    const posts = all.filter(({ route }) => route.method === 'POST');
    expect(everyPost.sort()).toEqual(posts.map(({ name }) => name).sort());
  });

  it.each(everyPost)('of %s is accepted with what the reference requires', (name) => {
    expect(faults(requestSchema(name, 'body'), least[name])).toEqual([]);
  });

  it.each(everyPost)('of %s is refused without any one of these', (name) => {
    for (const key of Object.keys(least[name] ?? {})) expect(check(name, { [key]: undefined })).toEqual([key]);
  });

  it.each(everyPost)('of %s is refused with a key that nobody reads', (name) => {
    for (const key of ['lerning_rate', 'ID', 'permission_levels', '$where', ' project_id'])
      expect(requestSchema(name, 'body').safeParse({ ...least[name], [key]: 1 }).error?.issues, key).toMatchObject([{ code: 'unrecognized_keys', keys: [key] }]);
  });

  it.each(everyPost)('of %s is refused when it is no object', (name) => {
    for (const body of [null, [], [least[name]], 'text', 7, true]) expect(faults(requestSchema(name, 'body'), body), JSON.stringify(body)).toEqual(['']);
  });

  it('names every part that is wrong, not only the first', () => {
    const body = { project_id: 'x', experiment_id: 'y', num_devices: 0, termination_criteria: [{ type: 'Never', max_duration_sec: -1 }] };
    expect(faults(requestSchema('job.create', 'body'), body).sort()).toEqual([
      'experiment_id', 'num_devices', 'project_id', 'termination_criteria.0.max_duration_sec', 'termination_criteria.0.type',
    ]);
  });
});

describe('a job to create', () => {
  it('takes a device at random, no buffer and no criteria when these are left out', () => {
    expect(requestSchema('job.create', 'body').parse(least['job.create'])).toEqual({
      ...least['job.create'], num_buffer_devices: 0, device_timeout_sec: 60, device_selection_strategy: 'RANDOM', termination_criteria: [], kind: 'TRAIN',
    });
  });

  const noCounts = [-1, 1.5, '1', '', true, null, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, 100_001, [1], {}];
  it.each([0, ...noCounts])('is refused with num_devices %o', (num_devices) => {
    expect(check('job.create', { num_devices })).toEqual(['num_devices']);
  });
  it.each(noCounts)('is refused with num_buffer_devices %o', (num_buffer_devices) => {
    expect(check('job.create', { num_buffer_devices })).toEqual(['num_buffer_devices']);
  });
  it('is accepted with the smallest and the largest counts', () => {
    for (const num_devices of [1, 100_000]) for (const num_buffer_devices of [0, 100_000]) expect(check('job.create', { num_devices, num_buffer_devices })).toEqual([]);
  });

  it.each(['random', 'FASTEST', '', null, 0])('is refused with the strategy %o', (device_selection_strategy) => {
    expect(check('job.create', { device_selection_strategy })).toEqual(['device_selection_strategy']);
  });

  const duration = (max_duration_sec: unknown) => ({ type: 'DurationTerminationCriteria', max_duration_sec });
  it.each([undefined, null, 0, -1, '60', true, Number.NaN, Number.POSITIVE_INFINITY, 315_360_001])('is refused with a duration of %o', (seconds) => {
    expect(check('job.create', { termination_criteria: [duration(60), duration(seconds)] })).toEqual(['termination_criteria.1.max_duration_sec']);
  });
  it('is accepted with durations from less than a second to ten years', () => {
    expect(check('job.create', { termination_criteria: [duration(0.5), duration(315_360_000)] })).toEqual([]);
  });
  it('is refused with a criterion of another kind, of more keys, or with too many', () => {
    expect(check('job.create', { termination_criteria: [{ type: 'AccuracyTerminationCriteria', max_duration_sec: 1 }] })).toEqual(['termination_criteria.0.type']);
    expect(check('job.create', { termination_criteria: [{ ...duration(1), start_epoch_time: 'NONE' }] })).toEqual(['termination_criteria.0']);
    expect(check('job.create', { termination_criteria: duration(1) })).toEqual(['termination_criteria']);
    expect(check('job.create', { termination_criteria: Array.from({ length: 16 }, () => duration(1)) })).toEqual([]);
    expect(check('job.create', { termination_criteria: Array.from({ length: 17 }, () => duration(1)) })).toEqual(['termination_criteria']);
  });
});

describe('a series of jobs to create', () => {
  it('has 1 to 100 jobs', () => {
    for (const count of [1, 100]) expect(check('job.create_series', { count })).toEqual([]);
    const stop = (rule: object) => check('job.create_series', { stop_when: { metric: 'loss', mode: 'min', ...rule } });
    for (const rule of [{ patience: 1 }, { patience: 100, min_delta: 0.1 }, { threshold: -0.5 }, { patience: 3, threshold: 1 }]) expect(stop(rule), JSON.stringify(rule)).toEqual([]);
    for (const patience of [0, 101, 1.5, '3', null]) expect(stop({ patience }), JSON.stringify(patience)).toEqual(['stop_when.patience']);
    expect(stop({})).toEqual(['stop_when.patience']);
    expect(stop({ patience: 1, min_delta: -1 })).toEqual(['stop_when.min_delta']);
    expect(stop({ patience: 1, mode: 'less' })).toEqual(['stop_when.mode']);
    for (const count of [0, 101, -1, 1.5, '2', null, true]) expect(check('job.create_series', { count }), JSON.stringify(count)).toEqual(['count']);
  });

  it('draws as many devices as the largest job does, and no more', () => {
    expect(check('job.create_series', { count: 1, num_devices: 100_000, num_buffer_devices: 100_000 })).toEqual([]);
    expect(check('job.create_series', { count: 100, num_devices: 1500, num_buffer_devices: 500 })).toEqual([]);
    expect(check('job.create_series', { count: 100, num_devices: 1500, num_buffer_devices: 501 })).toEqual(['count']);
    expect(check('job.create_series', { count: 3, num_devices: 66_667 })).toEqual(['count']);
  });

  it('is otherwise what a job is that trains', () => {
    const { count, ...job } = requestSchema('job.create_series', 'body').parse(least['job.create_series']) as Record<string, unknown>;
    expect([count, { ...(job as object), kind: 'TRAIN' }]).toEqual([1, requestSchema('job.create', 'body').parse(least['job.create'])]);
  });
});

describe('a model to submit', () => {
  it.each(['experiment.submit_start_model', 'device.submit_model_update'])('of %s is an object of tensors or left out', (name) => {
    expect(check(name, { model: { weights: [[0.5]], bias: 1 }, block: true })).toEqual([]);
    for (const model of [null, [], [1], 'weights', 7, true]) expect(check(name, { model }), JSON.stringify(model)).toEqual(['model']);
    for (const block of ['true', 1, null]) expect(check(name, { block }), JSON.stringify(block)).toEqual(['block']);
  });

  it('comes with as many examples as there can be', () => {
    for (const num_examples of [1, 0.5, Number.MAX_SAFE_INTEGER]) expect(check('device.submit_model_update', { num_examples })).toEqual([]);
    for (const num_examples of [0, -1, '512', true, null, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 54])
      expect(check('device.submit_model_update', { num_examples }), JSON.stringify(num_examples)).toEqual(['num_examples']);
  });

  it('comes with at most 100 metrics, all finite numbers', () => {
    const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`m${index}`, index]));
    expect(check('device.submit_model_update', { metrics: many(100) })).toEqual([]);
    expect(check('device.submit_model_update', { metrics: many(101) })).toEqual(['metrics']);
    for (const loss of ['0.1', null, true, [0.1], Number.NaN, Number.NEGATIVE_INFINITY])
      expect(check('device.submit_model_update', { metrics: { loss } }), JSON.stringify(loss)).toEqual(['metrics.loss']);
    for (const name of ['', 'm'.repeat(101), 'a\0b', '\ud800']) expect(check('device.submit_model_update', { metrics: { [name]: 1 } }), JSON.stringify(name)).toHaveLength(1);
  });
});

describe('a permission level', () => {
  it.each(['project.add_member', 'project.update_member'])('in %s is one of four numbers', (name) => {
    for (const permission_level of [100, 10, 5, 1]) expect(check(name, { permission_level })).toEqual([]);
    for (const permission_level of [0, 2, 50, 101, -1, '5', 'OWNER', true, null]) expect(check(name, { permission_level }), String(permission_level)).toEqual(['permission_level']);
  });
});

describe('a limit of storage', () => {
  it('is a whole number of bytes, or nothing', () => {
    for (const max_bytes of [1, Number.MAX_SAFE_INTEGER, null]) expect(check('project.limit_storage', { max_bytes })).toEqual([]);
    for (const max_bytes of [0, -1, 1.5, '1', true, 2 ** 53, Number.POSITIVE_INFINITY, Number.NaN])
      expect(check('project.limit_storage', { max_bytes }), String(max_bytes)).toEqual(['max_bytes']);
  });
});

describe('a key to create', () => {
  it('may be labelled and may expire within ten years', () => {
    expect(check('auth.create', { label: 'laptop', expires_in_sec: 1 })).toEqual([]);
    expect(check('auth.create', { expires_in_sec: 315_360_000 })).toEqual([]);
    for (const expires_in_sec of [0, -1, 1.5, '60', null, 315_360_001, Number.POSITIVE_INFINITY])
      expect(check('auth.create', { expires_in_sec }), String(expires_in_sec)).toEqual(['expires_in_sec']);
  });
});

describe('the query of a list', () => {
  const lists = [
    'auth.list', 'auth.sessions', 'project.list', 'project.members', 'project.audit', 'user.list', 'user.audit', 'experiment.list', 'experiment.describe', 'experiment.metrics', 'job.list', 'job.devices', 'sweep.list', 'device.list',
  ];
  const query = (name: string, value: Record<string, string>) => faults(requestSchema(name, 'query'), value);

  it('is the same for every answer with a next_cursor', () => {
    const withCursor = all.filter(({ route }) => route.query instanceof z.ZodObject && 'cursor' in route.query.shape);
    expect(withCursor.map(({ name }) => name).sort()).toEqual([...lists].sort());
  });

  it.each([...lists, 'experiment.events'])('of %s takes a limit of 1 to 200, or 1,000 where rows are small, and 50 when left out', (name) => {
    const most = ['job.list', 'job.devices'].includes(name) ? 1000 : 200;
    expect(requestSchema(name, 'query').parse({})).toMatchObject({ limit: 50 });
    for (const limit of ['1', String(most)]) expect(requestSchema(name, 'query').parse({ limit })).toMatchObject({ limit: Number(limit) });
    for (const limit of ['0', '-1', String(most + 1), '1.5', '', 'ten', 'NaN', 'Infinity', '1e9']) expect(query(name, { limit }), limit).toEqual(['limit']);
  });

  it.each(lists)('of %s takes a cursor that is no longer than a server prints one', (name) => {
    // One that is sorted by name has the name in it.
    const longest = name === 'experiment.list' ? 4000 : 200;
    expect(query(name, { cursor: 'c'.repeat(longest) })).toEqual([]);
    for (const cursor of ['', 'c'.repeat(longest + 1)]) expect(query(name, { cursor })).toEqual(['cursor']);
  });

  it('filters by the statuses that there are', () => {
    const statuses = {
      'experiment.list': ['active', 'idle'],
      'job.list': ['INITIALIZED', 'IN_PROGRESS', 'AGGREGATION_IN_PROGRESS', 'COMPLETED', 'CANCELLED', 'FAILED'],
      'device.list': ['idle', 'busy'],
    };
    for (const [name, known] of Object.entries(statuses)) {
      for (const status of known) expect(query(name, { status })).toEqual([]);
      for (const status of ['', 'all', known[0] === 'INITIALIZED' ? 'initialized' : 'IDLE']) expect(query(name, { status }), `${name} ${status}`).toEqual(['status']);
    }
  });
});

describe('the query of a list of experiments', () => {
  const parsed = (query: Record<string, string>) => requestSchema('experiment.list', 'query').parse(query) as Record<string, unknown>;
  const wrong = (query: Record<string, string>) => faults(requestSchema('experiment.list', 'query'), query);

  it('leaves archived ones out and has the newest first, unless it says otherwise', () => {
    expect(parsed({})).toEqual({ limit: 50, archived: 'exclude', sort: 'created' });
    for (const archived of ['exclude', 'include', 'only']) expect(parsed({ archived })).toMatchObject({ archived });
    for (const order of ['asc', 'desc']) expect(parsed({ order })).toMatchObject({ order });
  });

  it('names several things with commas in between; one that is a part of a name has a backslash', () => {
    expect(parsed({ metrics: 'loss,val loss', params: 'a\\,b,optimizer.name,c\\\\', ids: `${jobId},${deviceId}` })).toMatchObject({
      metrics: ['loss', 'val loss'],
      params: ['a,b', 'optimizer.name', 'c\\'],
      ids: [jobId, deviceId],
    });
    expect(parsed({ metrics: 'a\\' })).toMatchObject({ metrics: ['a\\'] });
    for (const empty of ['', ',', ',,']) expect(wrong({ metrics: empty })).toEqual(['metrics']);
    expect(wrong({ ids: 'x' })).toEqual(['ids.0']);
  });

  it('needs the name of a metric to sort by one', () => {
    expect(wrong({ sort: 'metric' })).toEqual(['metric']);
    expect(wrong({ sort: 'metric', metric: 'loss' })).toEqual([]);
  });
});

describe('the progress of a heartbeat', () => {
  const progress = (value: unknown) => check('device.heartbeat', { progress: value });
  it('has a fraction, a step and up to 20 metrics, of which each may be left out', () => {
    const metrics = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`m${at}`, at]));
    for (const good of [{}, { fraction: 0 }, { fraction: 1, step: 0, metrics: {} }, { step: 2 ** 53 - 1 }, { metrics: metrics(20) }]) expect(progress(good), JSON.stringify(good)).toEqual([]);
    for (const fraction of [-0.1, 1.1, '0.5', null, Number.NaN]) expect(progress({ fraction })).toEqual(['progress.fraction']);
    for (const step of [-1, 0.5, 2 ** 53, '1']) expect(progress({ step })).toEqual(['progress.step']);
    expect(progress({ metrics: metrics(21) })).toEqual(['progress.metrics']);
    expect(progress({ metrics: { loss: '1' } })).toEqual(['progress.metrics.loss']);
    expect(progress({ percent: 4 })).toEqual(['progress']);
    expect(progress(null)).toEqual(['progress']);
  });
});

describe('labels of a device', () => {
  it.each(['device.create', 'device.register', 'device.update'])('in %s are up to 16, each of 1 to 50 characters, and none twice', (name) => {
    for (const labels of [[], ['a'], Array.from({ length: 16 }, (_, at) => `${at}`), ['x'.repeat(50)]]) expect(check(name, { labels })).toEqual([]);
    for (const labels of [Array.from({ length: 17 }, (_, at) => `${at}`), ['a', 'a'], null, 'a']) expect(check(name, { labels }), JSON.stringify(labels)).toEqual(['labels']);
    for (const label of ['', 'x'.repeat(51), 'a\0', 7]) expect(check(name, { labels: [label] }), JSON.stringify(label)).toEqual(['labels.0']);
  });
});

describe('the updates that are enough', () => {
  const termination_criteria = [{ type: 'DurationTerminationCriteria', max_duration_sec: 60 }];

  it.each([['job.create', {}], ['job.create_series', { count: 1 }]])('in %s are 1 to num_devices, and need a deadline', (name, rest) => {
    for (const min_devices of [1, 3]) expect(check(name, { ...rest, num_devices: 3, min_devices, termination_criteria })).toEqual([]);
    for (const min_devices of [0, 4, 1.5, '2', null]) expect(check(name, { ...rest, num_devices: 3, min_devices, termination_criteria }), JSON.stringify(min_devices)).toEqual(['min_devices']);
    for (const none of [undefined, []]) expect(check(name, { ...rest, num_devices: 3, min_devices: 2, termination_criteria: none })).toEqual(['min_devices']);
  });
});

describe('a job that evaluates', () => {
  it('is asked for by its kind, has no strategy, and is no part of a series or a sweep', () => {
    for (const kind of ['TRAIN', 'EVALUATE']) expect(check('job.create', { kind })).toEqual([]);
    for (const kind of ['evaluate', '', null, 1]) expect(check('job.create', { kind }), JSON.stringify(kind)).toEqual(['kind']);
    expect(check('job.create', { kind: 'EVALUATE', aggregation_strategy: 'FedAvg' })).toEqual(['aggregation_strategy']);
    expect(check('job.create', { kind: 'TRAIN', aggregation_strategy: 'FedAvg' })).toEqual([]);
    expect(check('job.create_series', { kind: 'EVALUATE' })).not.toEqual([]);
    expect(check('sweep.create', { job: { num_devices: 1, kind: 'EVALUATE' } })).not.toEqual([]);
  });
});

describe('the devices that a job chooses', () => {
  const ids = (count: number) => Array.from({ length: count }, (_, at) => at.toString(16).padStart(32, '0'));

  it.each([['job.create', {}], ['job.create_series', { count: 1 }]])('in %s are up to 1,000 ids or up to 16 labels, none twice and not both', (name, rest) => {
    for (const device_ids of [ids(1), ids(1000)]) expect(check(name, { ...rest, device_ids })).toEqual([]);
    for (const device_ids of [[], ids(1001), [...ids(1), ...ids(1)], null, 'a']) expect(check(name, { ...rest, device_ids })).toEqual(['device_ids']);
    for (const device_labels of [['gpu'], Array.from({ length: 16 }, (_, at) => `${at}`)]) expect(check(name, { ...rest, device_labels })).toEqual([]);
    for (const device_labels of [[], ['a', 'a'], Array.from({ length: 17 }, (_, at) => `${at}`)]) expect(check(name, { ...rest, device_labels })).toEqual(['device_labels']);
    expect(check(name, { ...rest, device_ids: ids(1), device_labels: ['gpu'] })).toEqual(['device_labels']);
  });
});

describe('the config of a device', () => {
  it.each(['device.create', 'device.register', 'device.update'])('in %s is a JSON object of at most 4 KiB', (name) => {
    const ofBytes = (bytes: number) => ({ a: 'x'.repeat(bytes - '{"a":""}'.length) });
    for (const config of [{}, { data: '/mnt/a', gpus: [0, 1], nested: { a: null } }, ofBytes(4096)]) expect(check(name, { config })).toEqual([]);
    for (const config of [null, [], 'x', 1, ofBytes(4097)]) expect(check(name, { config }), JSON.stringify(config)?.slice(0, 20)).toEqual(['config']);
    expect(check(name, { config: { a: { b: Infinity } } })).toEqual(['config.a.b']);
  });
});

describe('tags', () => {
  it('are up to 16, each of 1 to 50 characters, and none twice', () => {
    for (const tags of [[], ['a'], Array.from({ length: 16 }, (_, at) => `${at}`), ['x'.repeat(50)]]) expect(check('experiment.update', { tags })).toEqual([]);
    for (const tags of [Array.from({ length: 17 }, (_, at) => `${at}`), ['a', 'a'], null, 'a']) expect(check('experiment.update', { tags }), JSON.stringify(tags)).toEqual(['tags']);
    for (const tag of ['', 'x'.repeat(51), 'a\0', 7]) expect(check('experiment.update', { tags: [tag] }), JSON.stringify(tag)).toEqual(['tags.0']);
  });
});

describe('other queries', () => {
  it('wait for a job 0 to 60 seconds, not at all when left out', () => {
    const schema = requestSchema('device.next_job', 'query');
    expect(schema.parse({})).toEqual({ wait: 0 });
    for (const wait of ['0', '0.5', '60']) expect(schema.parse({ wait })).toEqual({ wait: Number(wait) });
    for (const wait of ['-1', '61', 'long', 'Infinity', 'NaN']) expect(faults(schema, { wait }), wait).toEqual(['wait']);
  });

  it('read events after a number that counts events, from the first when left out', () => {
    const schema = requestSchema('experiment.events', 'query');
    expect(schema.parse({})).toMatchObject({ after: 0 });
    for (const after of ['0', '12', '2147483647']) expect(schema.parse({ after })).toMatchObject({ after: Number(after) });
    for (const after of ['-1', '1.5', 'x', '2147483648', 'Infinity']) expect(faults(schema, { after }), after).toEqual(['after']);
  });

  it('look through events by what the catalogue has, from either end, oldest first when left out', () => {
    const schema = requestSchema('experiment.events', 'query');
    expect(schema.parse({})).toEqual({ after: 0, order: 'asc', limit: 50 });
    const id = '0'.repeat(32);
    expect(schema.parse({ before: '7', order: 'desc', types: 'job_failed,job_completed', job_id: id, device_id: id })).toMatchObject({ before: 7, types: ['job_failed', 'job_completed'] });
    for (const before of ['-1', '1.5', 'x', '2147483648']) expect(faults(schema, { before }), before).toEqual(['before']);
    for (const [name, value] of [['order', 'newest'], ['types', ''], ['job_id', 'x'], ['device_id', '7']] as const) expect(faults(schema, { [name]: value }), name).toEqual([name]);
    expect(faults(schema, { types: 'job_failed,job_lost' })[0]).toMatch(/^types/);
  });
});
