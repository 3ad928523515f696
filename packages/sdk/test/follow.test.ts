import { describe, expect, it } from 'vitest';
import { eventually, faultServer, json, problem, reset, silence, type Behaviour, type FaultServer } from '@vergeai/testkit';
import { AuthenticationError, ConnectionError, NotFound, VergeAI, type Connection, type EventEntry, type FollowOptions } from '../src/index.js';

const ids = { project_id: 'p', experiment_id: 'e' };
const event = (sequence: number, type = 'job_in_progress') => ({ sequence, type, job_id: 'j', device_id: null, actor_id: null, key_id: null, data: {}, created_at: '2026-03-01T12:00:10.000Z' });
const message = (entry: { sequence: number; type: string }) => `id: ${entry.sequence}\nevent: ${entry.type}\ndata: ${JSON.stringify(entry)}\n\n`;

type Entry = ReturnType<typeof event>;

/** Tells these and then ends, breaks off, or stays silent. */
const stream =
  (entries: readonly Entry[], then: 'end' | 'break' | 'stay' = 'end'): Behaviour =>
  (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(`:\n\n${entries.map(message).join('')}`, () => {
      if (then === 'end') response.end();
      if (then === 'break') response.destroy();
    });
  };
const page = (entries: readonly Entry[]): Behaviour => json(200, { data: entries, next_after: null });
const experiment = (is_active: boolean): Behaviour => json(200, { is_active });

const client = (server: FaultServer, more = {}) => new VergeAI({ apiKey: 'test-key', baseUrl: server.url, ...more });

/** Follows until so many events were told, or the following ends by itself. */
async function told(server: FaultServer, count: number, options: FollowOptions = {}, after?: number): Promise<EventEntry[]> {
  const events: EventEntry[] = [];
  for await (const entry of client(server).Experiment.follow({ ...ids, after }, options)) if (events.push(entry) >= count) break;
  return events;
}

const sequences = (events: readonly EventEntry[]) => events.map(({ sequence }) => sequence);

describe('following an experiment', () => {
  it('tells the events of its stream, typed, with the key and from where one is', async () => {
    await using server = await faultServer(stream([event(5, 'job_failed')], 'stay'));
    const [first] = await told(server, 1, {}, 4);
    expect(first).toEqual(event(5, 'job_failed'));
    expect(server.seen[0]).toMatchObject({
      url: '/v1/experiment/events/p/e',
      headers: { accept: 'text/event-stream', authorization: 'Bearer test-key', 'last-event-id': '4' },
    });
  });

  it.each(['end', 'break'] as const)('goes on where it was when the connection comes to an %s, and tells nothing twice', async (how) => {
    await using server = await faultServer(stream([event(1), event(2)], how), reset, stream([event(2), event(3)], how), stream([event(4)], 'stay'));
    const seen: Connection[] = [];
    expect(sequences(await told(server, 4, { onConnection: (now) => seen.push(now) }))).toEqual([1, 2, 3, 4]);
    expect(server.seen.map(({ headers }) => headers['last-event-id'])).toEqual(['0', '2', '2', '3']);
    expect(seen).toEqual(['live', 'lost', 'live', 'lost', 'live']);
  });

  it('hangs up as soon as nobody listens any more', async () => {
    await using server = await faultServer(stream([event(1)], 'stay'));
    await told(server, 1);
    await eventually('it has hung up', () => server.underWay() === 0);
    const abort = new AbortController();
    const following = (async () => {
      for await (const _ of client(server).Experiment.follow(ids, { signal: abort.signal })) abort.abort(new Error('enough'));
    })();
    await expect(following).rejects.toThrow('enough');
    await eventually('it has hung up', () => server.underWay() === 0);
  });

  it('ends when it may not go on, and when the experiment is gone', async () => {
    await using revoked = await faultServer(stream([event(1)]), problem(401, 'invalid_key'));
    await expect(told(revoked, 9)).rejects.toThrow(AuthenticationError);
    await using gone = await faultServer(stream([event(1)]), problem(404, 'experiment_not_found'));
    await expect(told(gone, 9)).rejects.toThrow(NotFound);
  });

  it('ends after the usual tries when nobody has ever answered', async () => {
    await using server = await faultServer(reset);
    await expect(told(server, 1, { maxRetries: 1 })).rejects.toThrow(ConnectionError);
    expect(server.seen).toHaveLength(2);
  });

  it('notices a connection that has fallen silent', async () => {
    await using server = await faultServer(stream([event(1)], 'stay'), stream([event(2)], 'stay'));
    expect(sequences(await told(server, 2, { timeoutMs: 200 }))).toEqual([1, 2]);
  });

  it('keeps integers beyond 2^53 as they were sent', async () => {
    const seeded = message(event(1, 'experiment_updated')).replace('"data":{}', '"data":{"seed":12345678901234567890}');
    await using server = await faultServer((_, response) => void response.writeHead(200, { 'content-type': 'text/event-stream' }).end(seeded));
    expect((await told(server, 1))[0]!.data).toEqual({ seed: 12345678901234567890n });
  });
});

describe('where no stream comes through', () => {
  it('asks now and then: when what answers does not stream', async () => {
    await using server = await faultServer(page([event(1)]), page([event(1)]), page([event(2)]));
    const seen: Connection[] = [];
    expect(sequences(await told(server, 2, { onConnection: (now) => seen.push(now) }))).toEqual([1, 2]);
    expect(server.seen.map(({ url, headers }) => [headers.accept, url])).toEqual([
      ['text/event-stream', '/v1/experiment/events/p/e'],
      ['application/json', '/v1/experiment/events/p/e?after=0'],
      ['application/json', '/v1/experiment/events/p/e?after=1'],
    ]);
    expect(seen).toEqual(['polling']);
  });

  it('asks now and then, too, when something in between keeps it to itself', async () => {
    await using server = await faultServer(silence, page([event(1)]), problem(503, 'busy'), page([event(2)]));
    const seen: Connection[] = [];
    expect(sequences(await told(server, 2, { timeoutMs: 200, onConnection: (now) => seen.push(now) }))).toEqual([1, 2]);
    expect(seen).toEqual(['polling', 'lost', 'polling']);
  });
});

describe('following until an experiment is idle', () => {
  it('ends at once with all that was, when it is', async () => {
    await using server = await faultServer(experiment(false), page([event(1), event(2)]));
    expect(sequences(await told(server, 9, { until: 'idle' }))).toEqual([1, 2]);
    expect(server.seen.map(({ url }) => url)).toEqual(['/v1/experiment/get/p/e', '/v1/experiment/events/p/e?after=0']);
  });

  it('ends after the last job, with what came after its end, and asks at no other time', async () => {
    const ends = [event(1), event(2, 'job_completed'), event(3, 'current_model_changed'), event(4, 'job_cancelled')];
    await using server = await faultServer(experiment(true), stream(ends, 'stay'), experiment(true), experiment(false), page([event(5)]));
    expect(sequences(await told(server, 9, { until: 'idle' }))).toEqual([1, 2, 3, 4, 5]);
    await eventually('it has hung up', () => server.underWay() === 0);
    expect(server.seen).toHaveLength(5);
  });

  it('goes on when a job was added in the meantime', async () => {
    await using server = await faultServer(experiment(false), page([event(1, 'job_initialized')]), experiment(true), stream([event(2, 'job_failed')], 'stay'), experiment(false), page([]));
    expect(sequences(await told(server, 9, { until: 'idle' }))).toEqual([1, 2]);
  });
});
