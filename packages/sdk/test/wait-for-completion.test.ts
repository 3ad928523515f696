import { describe, expect, it } from 'vitest';
import { eventually, faultServer, json, problem, silence, type Behaviour, type FaultServer } from '@vergeai/testkit';
import { JobCancelled, JobFailed, NotFound, TimeoutError, VergeAI, type Job } from '../src/index.js';

const ids = { project_id: 'p', job_id: 'j' };
const job = (status: string, models: object = {}) => json(200, { ID: 'j', project_id: 'p', experiment_id: 'e', status, models });
const wait = (server: FaultServer, options?: Parameters<VergeAI['Job']['wait_for_completion']>[1]) =>
  new VergeAI({ apiKey: 'test-key', baseUrl: server.url }).Job.wait_for_completion(ids, options);

describe('waiting for a job', () => {
  it('ends with the job once it is COMPLETED, telling what changed on the way', async () => {
    const running = job('IN_PROGRESS');
    await using server = await faultServer(running, running, job('IN_PROGRESS', { d: {} }), job('COMPLETED', { d: {} }));
    const seen: Job[] = [];
    const { statusCode, body } = await wait(server, { onProgress: (now) => seen.push(now) });
    expect([statusCode, body.status]).toEqual([200, 'COMPLETED']);
    expect(seen.map(({ status, models }) => [status, Object.keys(models).length])).toEqual([['IN_PROGRESS', 0], ['IN_PROGRESS', 1], ['COMPLETED', 1]]);
  });

  it('hears of its end from the log, and asks for the job no more than it must', async () => {
    const entry = (sequence: number, type: string, job_id = 'j') => ({ sequence, type, job_id, device_id: null, actor_id: null, key_id: null, data: {}, created_at: '' });
    const told = [entry(3, 'job_completed', 'other'), entry(4, 'model_update_submitted'), entry(5, 'job_completed')];
    const stream: Behaviour = (_, response) =>
      void response.writeHead(200, { 'content-type': 'text/event-stream' }).write(told.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(''));
    await using server = await faultServer(job('IN_PROGRESS'), json(200, { data: [entry(1, 'job_initialized'), entry(2, 'job_in_progress')], next_after: null }), stream, job('COMPLETED'));
    expect((await wait(server)).body.status).toBe('COMPLETED');
    expect(server.seen.map(({ url, headers }) => [url, headers['last-event-id']])).toEqual([
      ['/v1/job/get/p/j', undefined],
      ['/v1/experiment/events/p/e?after=0&limit=200', undefined],
      ['/v1/experiment/events/p/e', '2'],
      ['/v1/job/get/p/j', undefined],
    ]);
    await eventually('it has hung up', () => server.underWay() === 0);
  });

  it('ends when the job ended before its log could be read', async () => {
    const end = { sequence: 1, type: 'job_completed', job_id: 'j', device_id: null, actor_id: null, key_id: null, data: {}, created_at: '' };
    const later: Behaviour = (request, response, raw) => (request.url.startsWith('/v1/job/') ? job('COMPLETED') : silence)(request, response, raw);
    await using server = await faultServer(job('IN_PROGRESS'), json(200, { data: [end], next_after: null }), later);
    expect((await wait(server)).body.status).toBe('COMPLETED');
  });

  it.each([
    ['FAILED', JobFailed],
    ['CANCELLED', JobCancelled],
  ])('ends when it is %s, with the reason', async (status, Kind) => {
    await using server = await faultServer(job(status), json(200, { data: [{ job_id: 'j', reason: 'too few devices are left' }], next_cursor: null }));
    const error = await wait(server).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(Kind);
    expect(error).toMatchObject({ reason: 'too few devices are left', message: `Job j is ${status}: too few devices are left.` });
    expect((error as JobFailed).job.status).toBe(status);
  });

  it('ends without a reason when none can be read', async () => {
    await using server = await faultServer(job('FAILED'), problem(503, 'busy'));
    await expect(wait(server)).rejects.toMatchObject({ name: 'JobFailed', reason: null, message: 'Job j is FAILED.' });
  });

  it('ends after timeoutMs, also when the server says nothing at all', async () => {
    await using running = await faultServer(job('IN_PROGRESS'));
    await expect(wait(running, { timeoutMs: 1500 })).rejects.toThrow(new TimeoutError('Job j is still IN_PROGRESS after 1500 ms.'));
    await using silent = await faultServer(silence);
    await expect(wait(silent, { timeoutMs: 100 })).rejects.toThrow(TimeoutError);
  });

  it('says which devices the job waits for when the time is over', async () => {
    const waiting_for = '0 of 1 updates; waiting for device 51d5, never seen';
    await using server = await faultServer(job('IN_PROGRESS'), json(200, { data: [{ job_id: 'j', waiting_for }], next_cursor: null }));
    await expect(wait(server, { timeoutMs: 100 })).rejects.toThrow(new TimeoutError(`Job j is still IN_PROGRESS after 100 ms: ${waiting_for}.`));
    expect(server.seen.at(-1)!.url).toBe('/v1/job/list/p/e?status=IN_PROGRESS&limit=1');
    await using mute = await faultServer(job('IN_PROGRESS'), silence);
    const started = performance.now();
    await expect(wait(mute, { timeoutMs: 100 })).rejects.toThrow(new TimeoutError('Job j is still IN_PROGRESS after 100 ms.'));
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it('ends when the job is gone, and when the caller aborts', async () => {
    await using gone = await faultServer(job('IN_PROGRESS'), problem(404, 'not_found'));
    await expect(wait(gone)).rejects.toThrow(NotFound);
    await using running = await faultServer(job('IN_PROGRESS'));
    const abort = new AbortController();
    await expect(wait(running, { signal: abort.signal, onProgress: () => abort.abort() })).rejects.toMatchObject({ name: 'AbortError' });
  });
});
