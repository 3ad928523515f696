import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { APIError, VergeAI } from '@vergeai/sdk';
import { eventually, html, noContent, problem, reset, silence, type Behaviour } from '@vergeai/testkit';
import { createWorker, type Outcome } from '../src/index.js';
import { deviceServer, offer, offerWithUpload, type DeviceServer, type Operation } from './device-server.js';

interface Rules {
  readonly kinds: readonly Readonly<Record<string, string>>[];
  readonly refusals: readonly { readonly code: string; readonly status: number; readonly kind: string }[];
  readonly others: readonly { readonly status: readonly [number, number]; readonly without_code?: true; readonly kind: string }[];
  readonly no_answer: string;
  readonly limits: { readonly longest_wait_sec: number; readonly reports: number; readonly downloads_of_a_broken_model: number };
}
const rules = JSON.parse(await readFile(new URL('../../contract/fixtures/device-rules.json', import.meta.url), 'utf8')) as Rules;

/** Something that a server, or what stands before it, may answer; and the kind that it is by the rules. */
interface Refusal {
  readonly name: string;
  readonly kind: string;
  readonly behave: Behaviour;
}

/** Statuses of all sorts, told by a code that nobody knows yet, and by a page without one. */
const strangeStatuses = [200, 302, 400, 401, 403, 404, 408, 409, 410, 413, 422, 425, 429, 499, 500, 502, 511, 599];
const otherKind = (status: number, withCode: boolean) =>
  rules.others.find((row) => row.status[0] <= status && status <= row.status[1] && !(row.without_code && withCode))!.kind;

const refusals: readonly Refusal[] = [
  ...rules.refusals.map(({ code, status, kind }) => ({ name: code, kind, behave: problem(status, code) })),
  ...strangeStatuses.map((status) => ({ name: `a page with ${status}`, kind: otherKind(status, false), behave: html(status) })),
  ...strangeStatuses
    .filter((status) => status >= 400)
    .map((status) => ({ name: `${status} with a new code`, kind: otherKind(status, true), behave: problem(status, 'of_a_newer_server') })),
  { name: 'a connection that breaks', kind: rules.no_answer, behave: reset },
];

const actionIn = (phase: string) => (refusal: Refusal) => rules.kinds.find(({ kind }) => kind === refusal.kind)![phase]!;

interface Course {
  /** What the device did. */
  readonly action: 'accepted' | 'let_go' | 'report' | 'stop';
  readonly server: DeviceServer;
  readonly trained: number;
}

type Scripts = Parameters<typeof deviceServer>[0];
type Training = (server: DeviceServer, signal: AbortSignal) => Promise<unknown> | void;

/** Runs a worker until it has ended, or has been through a job and asked for another one. */
async function course(scripts: Scripts, { timeoutMs = 30_000, train }: { timeoutMs?: number | undefined; train?: Training | undefined } = {}): Promise<Course> {
  await using server = await deviceServer(scripts);
  const outcomes: Outcome[] = [];
  let trained = 0;
  const worker = createWorker({
    client: new VergeAI({ apiKey: 'key', baseUrl: server.url, timeoutMs }),
    projectId: 'p',
    waitSec: 0,
    heartbeatSec: 0.05,
    async train({ signal }) {
      trained++;
      await train?.(server, signal);
      return { model: { w: { data: [3, 4] } } };
    },
    onEnd: (_, outcome) => outcomes.push(outcome),
  });
  let ended: unknown;
  const run = worker.run({ maxJobs: 1 }).then(
    () => (ended = 'accepted'),
    (error: unknown) => (ended = error),
  );
  const askedAgain = () => server.calls('next_job').some(({ at }) => at > (endedAt ?? Infinity));
  let endedAt: number | undefined;
  await eventually('the worker has ended, or goes on', () => {
    if (outcomes.length > 0) endedAt ??= performance.now();
    return ended !== undefined || askedAgain();
  });
  await worker.stop({ abandon: true });
  await run;
  if (ended instanceof Error) {
    expect(ended).toBeInstanceOf(APIError);
    return { action: 'stop', server, trained };
  }
  if (outcomes[0] === 'submitted') return { action: 'accepted', server, trained };
  expect(server.calls('report_failure').length > 0).toBe(outcomes[0] === 'failed');
  return { action: outcomes[0] === 'failed' ? 'report' : 'let_go', server, trained };
}

/** Some at a time; gives the results under the names of the refusals. */
async function each(all: readonly Refusal[], look: (refusal: Refusal) => Promise<string>): Promise<Record<string, string>> {
  const seen: Record<string, string> = {};
  const left = [...all];
  const lane = async () => {
    for (let refusal = left.shift(); refusal; refusal = left.shift()) seen[refusal.name] = await look(refusal);
  };
  await Promise.all(Array.from({ length: 32 }, lane));
  return seen;
}

const byTheRules = (all: readonly Refusal[], expected: (refusal: Refusal) => string) => Object.fromEntries(all.map((refusal) => [refusal.name, expected(refusal)]));

const gaps = (server: DeviceServer, operation: Operation): number[] => {
  const at = server.calls(operation).map((call) => call.at);
  return at.slice(1).map((time, i) => time - at[i]!);
};

/** The shortest pause that backing off makes. */
const A_PAUSE_MS = 100;

describe('a device that is refused does as the rules say, whatever the code', { timeout: 120_000 }, () => {
  it('when it asks for a job', async () => {
    const actionWhen = async (refusal: Refusal, ...before: Behaviour[]) => {
      const { action, server } = await course({ next_job: [...before, refusal.behave] });
      if (action === 'stop') expect(server.calls('next_job')).toHaveLength(before.length + 1);
      else expect(gaps(server, 'next_job')[before.length]).toBeGreaterThan(A_PAUSE_MS);
      return action === 'accepted' ? 'again' : action;
    };
    const seen = await each(refusals, async (refusal) => {
      const [first, later] = [await actionWhen(refusal), await actionWhen(refusal, noContent)];
      return first === 'stop' && later === 'again' ? 'again_if_known' : first === later ? first : `${first}, later ${later}`;
    });
    expect(seen).toEqual(byTheRules(refusals, actionIn('next_job')));
  });

  it('when it fetches the start model', async () => {
    // With 200 comes what claims to be the model, and is not.
    const all = refusals.filter(({ name }) => name !== 'a page with 200');
    const seen = await each(all, async (refusal) => {
      const { action, server, trained } = await course({ download: [refusal.behave] });
      expect([action, trained]).toEqual([action, action === 'accepted' ? 1 : 0]);
      if (action !== 'accepted') return action;
      const [first, second] = server.calls('download').map(({ url }) => url);
      expect(first === second).toBe(server.calls('start_model').length === 0);
      return first === second ? 'again' : 'renew';
    });
    expect(seen).toEqual(byTheRules(all, actionIn('download')));
  });

  it('when it asks for a new link to the start model', async () => {
    const seen = await each(refusals, async (refusal) => {
      const { action, server } = await course({ download: [problem(403, 'ticket_expired')], start_model: [refusal.behave] });
      if (action === 'accepted') expect(server.calls('start_model').length).toBeGreaterThanOrEqual(2);
      return action;
    });
    const expected = (refusal: Refusal) => actionIn('download')(refusal).replace(/^(again|renew)$/, 'accepted');
    expect(seen).toEqual(byTheRules(refusals, expected));
  });

  it('when it keeps its lease', async () => {
    const seen = await each(refusals, async (refusal) => {
      const train: Training = (server, signal) => eventually('heartbeats go on, or the job is over', () => signal.aborted || server.calls('heartbeat').length >= 7);
      // One that takes more than a second to arrive counts as lost; of a few, one arrives in time on any machine.
      const { action, server } = await course({ heartbeat: Array.from({ length: 5 }, () => refusal.behave) }, { train });
      if (action !== 'accepted') expect(server.calls('submit')).toEqual([]);
      return action === 'accepted' ? 'again' : action;
    });
    expect(seen).toEqual(byTheRules(refusals, actionIn('heartbeat')));
  });

  it.each(['submit', 'upload'] as const)('when it submits its update: %s', async (operation) => {
    // A client takes any 2xx for a success where no body is expected.
    const all = refusals.filter(({ name }) => operation === 'submit' || name !== 'a page with 200');
    const seen = await each(all, async (refusal) => {
      const { action, server, trained } = await course({ [operation]: [refusal.behave] });
      expect([refusal.name, trained]).toEqual([refusal.name, 1]);
      const submissions = server.calls('submit');
      const uploads = server.calls('upload');
      if (action !== 'accepted') {
        expect(submissions).toHaveLength(1);
        return action;
      }
      expect(submissions.length).toBeGreaterThanOrEqual(2);
      expect(gaps(server, 'submit')[0]).toBeGreaterThan(A_PAUSE_MS);
      expect(new Set(submissions.map(({ headers }) => headers['idempotency-key'])).size).toBe(submissions.length);
      expect(new Set(uploads.map(({ url }) => url)).size).toBe(uploads.length);
      expect(new Set(uploads.map(({ body }) => body.toString()))).toEqual(new Set(['{"w":[3,4]}']));
      return 'again';
    });
    expect(seen).toEqual(byTheRules(all, actionIn('submit')));
  });

  it('when it submits its update to where the job said', async () => {
    const all = refusals.filter(({ name }) => name !== 'a page with 200');
    const seen = await each(all, async (refusal) => {
      const { action, server, trained } = await course({ next_job: [offerWithUpload], upload: [refusal.behave] });
      expect([refusal.name, trained]).toEqual([refusal.name, 1]);
      const [first, ...more] = server.calls('upload');
      expect(first!.body.toString()).toBe('{"w":[3,4]}');
      expect(server.calls('submit')).toHaveLength(more.length);
      if (action !== 'accepted') {
        expect(more).toEqual([]);
        return action;
      }
      // What it came with was tried once.
      expect(new Set([first, ...more].map((upload) => upload!.url)).size).toBe(more.length + 1);
      expect(gaps(server, 'upload')[0]).toBeGreaterThan(A_PAUSE_MS);
      expect(more.map(({ body }) => body.toString())).toEqual(['{"w":[3,4]}']);
      return 'again';
    });
    expect(seen).toEqual(byTheRules(all, actionIn('submit')));
  });

  it('when it reports a failure', async () => {
    const train: Training = () => Promise.reject(new Error('no battery'));
    const seen = await each(refusals, async (refusal) => {
      const { server } = await course({ report_failure: [refusal.behave] }, { train });
      const [first, ...more] = server.calls('report_failure').map(({ body }) => body.toString());
      expect(JSON.parse(first!)).toMatchObject({ reason: 'Error: no battery' });
      expect(more).toEqual(more.map(() => first));
      return more.length > 0 ? 'again' : 'let_go';
    });
    expect(seen).toEqual(byTheRules(refusals, actionIn('report_failure')));
  });
});

describe.concurrent('a device that hears nothing asks again', () => {
  it.each(['next_job', 'download', 'heartbeat', 'submit', 'upload'] as const)('%s', async (operation) => {
    expect(rules.kinds.find(({ kind }) => kind === rules.no_answer)).toMatchObject({ next_job: 'again', download: 'again', heartbeat: 'again', submit: 'again' });
    const train: Training = (server) => eventually('heartbeats', () => server.calls('heartbeat').length >= 2);
    const { action, server, trained } = await course({ [operation]: [silence] }, { timeoutMs: 2000, train });
    expect([action, trained]).toEqual(['accepted', 1]);
    expect(server.calls(operation).length).toBeGreaterThanOrEqual(2);
  });
});

it('a job that can not be done here is reported with what the server said', async () => {
  for (const scripts of [{ submit: [problem(422, 'invalid_model')] }, { upload: [problem(413, 'model_too_large')] }, { download: [problem(404, 'model_not_found')] }]) {
    const { action, server } = await course(scripts);
    expect(action).toBe('report');
    const { reason } = JSON.parse(server.calls('report_failure')[0]!.body.toString()) as { reason: string };
    expect(reason).toMatch(/It is (invalid_model|model_too_large|model_not_found)\./);
  }
});

it('an update that nothing comes in the way of takes one request, or two where the server does not say with the job where it may go', async () => {
  for (const [next_job, requests] of [[offerWithUpload, 0], [offer, 1]] as const) {
    const { action, server } = await course({ next_job: [next_job] });
    expect([action, server.calls('submit').length, server.calls('upload').length]).toEqual(['accepted', requests, 1]);
  }
});

it('a failure that can not be reported is let go after a few attempts', async () => {
  const { server } = await course({ report_failure: Array.from({ length: 9 }, () => problem(503, 'busy')) }, { train: () => Promise.reject(new Error('no')) });
  expect(server.calls('report_failure')).toHaveLength(rules.limits.reports);
  expect(Math.min(...gaps(server, 'report_failure'))).toBeGreaterThan(A_PAUSE_MS);
});

it('a start model that is another one than announced is fetched a few times, then reported', async () => {
  const other: Behaviour = (_, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end('{"w":[7,2]}');
  const { action, server, trained } = await course({ download: Array.from({ length: 9 }, () => other) });
  expect([action, trained]).toEqual(['report', 0]);
  expect(server.calls('download')).toHaveLength(rules.limits.downloads_of_a_broken_model);
});

describe.concurrent('a device never asks in a tight loop', () => {
  it.each(['next_job', 'download', 'submit', 'upload'] as const)('and waits as long as Retry-After says: %s', async (operation) => {
    const { server } = await course({ [operation]: [problem(429, 'rate_limited', {}, { 'retry-after': '1' })] });
    expect(gaps(server, operation)[0]).toBeGreaterThan(990);
  });

  it('when it is offered, again and again, a job that is over', async () => {
    await using server = await deviceServer({ next_job: Array.from({ length: 9 }, () => offer), submit: Array.from({ length: 9 }, () => problem(409, 'job_closed')) });
    const worker = createWorker({ client: new VergeAI({ apiKey: 'key', baseUrl: server.url }), projectId: 'p', waitSec: 0, train: ({ model }) => ({ model }) });
    const run = worker.run();
    const [first, , , fourth] = await eventually('it has asked four times', () => server.calls('next_job').length >= 4 && server.calls('next_job'));
    await worker.stop({ abandon: true });
    await run;
    expect(fourth!.at - first!.at).toBeGreaterThan(1000);
  });
});
