import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuthenticationError, VergeAI, type Fetch } from '@vergeai/sdk';
import { eventually, problem, reset, startServer, type RunningServer } from '@vergeai/testkit';
import { createWorker, decodeModel, encodeModel, floats, type Model, type Train } from '../src/index.js';
import { deviceServer, offerOf } from './device-server.js';
import { aborted, gate, jobWith, newExperiment, newJob, workerFor } from './support.js';

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const addOne: Train = ({ model }) => {
  for (const name of model.keys()) floats(model, name).forEach((value, i, all) => (all[i] = value + 1));
  return { model };
};

describe('a worker', () => {
  it('trains job after job: model and hyperparameters in, model, weight and metrics out', async () => {
    const experiment = await newExperiment(server.url, 1, { w: [[1, 2], [3, 4]], b: 0.5 }, { learning_rate: 0.1 });
    const jobs = [await newJob(experiment), await newJob(experiment)];
    const seen: unknown[] = [];
    const worker = workerFor(experiment, experiment.devices[0]!, ({ model, hyperparameters, job, report }) => {
      seen.push([job.id, job.sequence, hyperparameters, model.get('w')!.shape, [...floats(model, 'w')]]);
      report({ loss: 9, seen: 4 });
      report({ loss: 0.25, broken: NaN });
      const w = { data: floats(model, 'w').map((value) => value * 2) };
      return { model: { b: { data: [0.5] }, w }, numExamples: 12, metrics: { accuracy: 0.9 } };
    });
    expect(await worker.run({ maxJobs: 2 })).toBe(2);
    expect(seen).toEqual([
      [jobs[0]!.ID, 1, { learning_rate: 0.1 }, [2, 2], [1, 2, 3, 4]],
      [jobs[1]!.ID, 2, { learning_rate: 0.1 }, [2, 2], [2, 4, 6, 8]],
    ]);
    expect(worker.outcomes).toEqual(['submitted', 'submitted']);
    await jobWith(experiment, jobs[1]!, 'COMPLETED');
    expect(await experiment.admin.Experiment.current_model(experiment.ids).json()).toEqual({ w: [[4, 8], [12, 16]], b: 0.5 });
    const { body } = await experiment.admin.Experiment.metrics(experiment.ids);
    expect(body.data[0]!.devices).toEqual([{ device_id: experiment.devices[0]!.id, num_examples: 12, metrics: { loss: 0.25, seen: 4, accuracy: 0.9 } }]);
    expect(worker.lines.join('\n')).toContain('the metric broken is NaN and is left out');
  });

  it('gives the training function the config of its own device', async () => {
    const experiment = await newExperiment(server.url, 1, { w: [1] });
    const [device] = experiment.devices;
    await experiment.admin.Device.update({ project_id: experiment.ids.project_id, device_id: device!.id, config: { data: '/mnt/a', seed: 2n ** 62n + 1n } });
    await newJob(experiment);
    const seen: unknown[] = [];
    const worker = workerFor(experiment, device!, ({ model, config }) => {
      seen.push(config);
      return { model };
    });
    await worker.run({ maxJobs: 1 });
    expect(seen).toEqual([{ data: '/mnt/a', seed: 2n ** 62n + 1n }]);
  });

  it('is told how strongly it is held to the given model, by a strategy that wants that', async () => {
    const experiment = await newExperiment(server.url, 1, { w: [1] });
    const held: number[] = [];
    for (const aggregation_strategy of [undefined, { type: 'FedProx', proximal_mu: 0.3 }] as const)
      await experiment.admin.Job.create({ ...experiment.ids, num_devices: 1, ...(aggregation_strategy && { aggregation_strategy }) });
    const worker = workerFor(experiment, experiment.devices[0]!, ({ model, proximalMu }) => {
      held.push(proximalMu);
      return { model };
    });
    expect(await worker.run({ maxJobs: 2 })).toBe(2);
    expect(held).toEqual([0, 0.3]);
  });

  it('measures its loss of the given model before it trains, for a strategy that weighs devices by it, and sends that', async () => {
    const experiment = await newExperiment(server.url, 1, { w: [4] });
    const { body } = await experiment.admin.Job.create({ ...experiment.ids, num_devices: 1, aggregation_strategy: { type: 'QFedAvg', device_learning_rate: 0.1 } });
    await experiment.admin.Job.create({ ...experiment.ids, num_devices: 1 });
    const course: unknown[] = [];
    const worker = workerFor(
      experiment,
      experiment.devices[0]!,
      ({ model, requiredMetrics, report }) => {
        course.push(requiredMetrics);
        floats(model, 'w')[0] = 5;
        report({ loss: 0.25 });
        return { model };
      },
      {
        measureLoss: ({ model, hyperparameters }) => {
          course.push([...floats(model, 'w')], hyperparameters);
          return 2.5;
        },
      },
    );
    expect(await worker.run({ maxJobs: 2 })).toBe(2);
    expect(course).toEqual([[4], expect.any(Object), ['loss'], []]);
    const { data } = (await experiment.admin.Experiment.metrics(experiment.ids)).body;
    expect(data.find(({ job_id }) => job_id === body.ID)!.devices).toMatchObject([{ metrics: { loss: 2.5 } }]);
    expect(data.find(({ job_id }) => job_id !== body.ID)!.devices).toMatchObject([{ metrics: { loss: 0.25 } }]);
  });

  it('measures the model for a job that only evaluates, and never trains it', async () => {
    const experiment = await newExperiment(server.url, 1, { w: [4] }, { bins: 2 });
    const { body } = await experiment.admin.Job.create({ ...experiment.ids, num_devices: 1, kind: 'EVALUATE' });
    const seen: unknown[] = [];
    const worker = workerFor(experiment, experiment.devices[0]!, () => expect.unreachable(), {
      evaluate: ({ model, hyperparameters, report }) => {
        seen.push([...floats(model, 'w')], hyperparameters);
        report({ loss: 2, broken: NaN });
        return { metrics: { accuracy: 0.5 }, numExamples: 8 };
      },
    });
    expect(await worker.run({ maxJobs: 1 })).toBe(1);
    expect(seen).toEqual([[4], { bins: 2 }]);
    await jobWith(experiment, body, 'COMPLETED');
    const [job] = (await experiment.admin.Experiment.metrics(experiment.ids)).body.data;
    expect(job).toMatchObject({ kind: 'EVALUATE', devices: [{ num_examples: 8, metrics: { loss: 2, accuracy: 0.5 } }] });
    expect(await experiment.admin.Experiment.current_model(experiment.ids).json()).toEqual({ w: [4] });
  });

  it.each([
    ['was made without `evaluate`', undefined, 'Error: This job only evaluates, and the worker of this device was made without `evaluate`.'],
    ['measures nothing', () => ({ metrics: { loss: NaN } }), 'TypeError: evaluate must give or report at least one metric that is finite.'],
  ])('reports that it can not, and does not train, when it is offered an evaluation and %s', async (_, evaluate, reason) => {
    const experiment = await newExperiment(server.url, 1, { w: [4] });
    const { body } = await experiment.admin.Job.create({ ...experiment.ids, num_devices: 1, kind: 'EVALUATE' });
    const worker = workerFor(experiment, experiment.devices[0]!, () => expect.unreachable(), { evaluate });
    const run = worker.run();
    await jobWith(experiment, body, 'FAILED');
    await worker.stop();
    await run;
    expect((await experiment.admin.Job.describe({ project_id: experiment.ids.project_id, job_id: body.ID })).body.reason).toBe(`too few devices are left: ${reason}`);
    expect(worker.outcomes[0]).toBe('failed');
  });

  it('sends an evaluation again when the answer to it was lost', async () => {
    await using device = await deviceServer({ next_job: [offerOf('EVALUATE')], submit_evaluation: [reset] });
    const client = new VergeAI({ apiKey: 'device-key', baseUrl: device.url });
    const worker = createWorker({ client, projectId: 'p', train: () => expect.unreachable(), evaluate: () => ({ metrics: { loss: 1 } }) });
    expect(await worker.run({ maxJobs: 1 })).toBe(1);
    expect(device.calls('submit_evaluation').map(({ body }) => JSON.parse(String(body)) as unknown)).toEqual(Array.from({ length: 2 }, () => ({ project_id: 'p', job_id: 'j', metrics: { loss: 1 } })));
  });

  it('sends its update with one request, or asks for a ticket where it has more to tell than a URL can hold', async () => {
    const experiment = await newExperiment(server.url, 1, { w: [1] });
    const posts: string[] = [];
    const counting: Fetch = (url, init) => {
      if (url.includes('submit_model_update')) posts.push(url);
      return fetch(url, init);
    };
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`the metric with the number ${n}`, n / 7]));
    for (const [metrics, asked] of [[{ 'loss & "µ"': 1 / 3 }, 0], [many, 1]] as const) {
      const job = await newJob(experiment);
      const worker = workerFor(experiment, experiment.devices[0]!, ({ model }) => ({ model, numExamples: 2.5, metrics }), { fetch: counting });
      expect(await worker.run({ maxJobs: 1 })).toBe(1);
      expect(posts.splice(0)).toHaveLength(asked);
      await jobWith(experiment, job, 'COMPLETED');
      const { data } = (await experiment.admin.Experiment.metrics(experiment.ids)).body;
      expect(data[0]!.devices).toMatchObject([{ num_examples: 2.5, metrics }]);
    }
  });

  it('sends every report with its step while it trains, again when an answer was lost, and in order', async () => {
    const experiment = await newExperiment(server.url, 1, { w: [1] });
    await newJob(experiment);
    const reported = async () => (await experiment.admin.Experiment.metrics(experiment.ids)).body.data[0]!.reports[0]?.points.map(({ step, metrics }) => [step, metrics]) ?? [];
    const worker = workerFor(experiment, experiment.devices[0]!, async ({ model, report }) => {
      report({ loss: 2, broken: NaN });
      report({ loss: 1 }, 50);
      await eventually('the reports are there while the job runs', async () => (await reported()).length === 2);
      for (let step = 0; step < 1200; step++) report({ loss: step });
      return { model };
    });
    expect(await worker.run({ maxJobs: 1 })).toBe(1);
    const points = await reported();
    expect(points).toHaveLength(1000);
    expect(points.slice(0, 3)).toEqual([[0, { loss: 2 }], [50, { loss: 1 }], [2, { loss: 0 }]]);
    expect(points.at(-1)).toEqual([999, { loss: 997 }]);
    expect((await experiment.admin.Experiment.metrics(experiment.ids)).body.data[0]!.devices[0]!.metrics).toEqual({ loss: 1199 });
    expect(worker.lines.join('\n')).toContain('1000 reports are kept');
  });

  it.each([
    ['is lost', reset, 2],
    ['says that the server knows no reports', problem(404, 'route_not_found'), 1],
  ])('loses no update when the answer to a report %s', async (_, answer, times) => {
    await using device = await deviceServer({ report_metrics: [answer] });
    const client = new VergeAI({ apiKey: 'device-key', baseUrl: device.url });
    const worker = createWorker({ client, projectId: 'p', train: ({ model, report }) => (report({ loss: 1 }), { model }) });
    expect(await worker.run({ maxJobs: 1 })).toBe(1);
    expect(device.calls('report_metrics').map(({ body }) => JSON.parse(String(body)) as unknown)).toEqual(
      Array.from({ length: times }, () => ({ project_id: 'p', job_id: 'j', first: 0, reports: [{ step: 0, metrics: { loss: 1 } }] })),
    );
  });

  it('sends safetensors back in the dtypes it came in, and what comes back unchanged is the same to the bit', async () => {
    const start: Model = new Map([
      ['f32', { dtype: 'F32', shape: [2], data: Float32Array.of(0.1, -0) }],
      ['f16', { dtype: 'F16', shape: [3], data: Float32Array.of(0.5, 65504, 2 ** -24) }],
      ['bf16', { dtype: 'BF16', shape: [1], data: Float32Array.of(1.5) }],
      ['i64', { dtype: 'I64', shape: [], data: BigInt64Array.of(2n ** 60n + 1n) }],
      ['mask', { dtype: 'BOOL', shape: [2], data: Uint8Array.of(1, 0) }],
    ]);
    const bytes = encodeModel(start, 'safetensors');
    const experiment = await newExperiment(server.url, 1, bytes);
    const [same, changed] = [await newJob(experiment), await newJob(experiment)];
    const worker = workerFor(experiment, experiment.devices[0]!, ({ model, job }) => {
      if (job.id === same.ID) return { model };
      return { model: new Map<string, { data: ArrayLike<number> }>([...model, ['f16', { data: [1, 2, 1 / 3] }], ['i64', { data: [7] }]] as never) };
    });
    await worker.run({ maxJobs: 2 });
    await jobWith(experiment, changed, 'COMPLETED');
    const { project_id } = experiment.ids;
    expect(decodeModel(await experiment.admin.Job.aggregate_model({ project_id, job_id: same.ID }).bytes())).toEqual(start);
    const trained = decodeModel(await experiment.admin.Job.aggregate_model({ project_id, job_id: changed.ID }).bytes());
    expect(trained.get('f16')).toEqual({ dtype: 'F16', shape: [3], data: Float32Array.of(1, 2, 0.333251953125) });
    expect(trained.get('i64')!.data).toEqual(BigInt64Array.of(7n));
  });

  it('is told when its job is cancelled while it trains, and goes on with the next one', async () => {
    const experiment = await newExperiment(server.url, 1, { w: [1] });
    const [first, second] = [await newJob(experiment), await newJob(experiment)];
    const training = gate();
    let reason: unknown;
    const train: Train = async ({ model, job, signal }) => {
      if (job.id === first.ID) {
        training.open();
        await aborted(signal);
        reason = signal.reason;
        signal.throwIfAborted();
      }
      return { model };
    };
    const worker = workerFor(experiment, experiment.devices[0]!, train, { heartbeatSec: 0.05 });
    const run = worker.run({ maxJobs: 1 });
    await training.opened;
    await experiment.admin.Job.cancel({ project_id: experiment.ids.project_id, job_id: first.ID });
    await run;
    expect(String(reason)).toContain('does not wait for this device any more');
    expect(worker.outcomes).toEqual(['closed', 'submitted']);
    expect(worker.errors).toEqual([]);
    await jobWith(experiment, second, 'COMPLETED');
  });

  it('renews its lease while it trains', async () => {
    const experiment = await newExperiment(server.url, 1, { w: [1] });
    await newJob(experiment);
    const beats: number[] = [];
    const counting: Fetch = (url, init) => {
      if (url.endsWith('/v1/device/heartbeat')) beats.push(performance.now());
      return fetch(url, init);
    };
    const enough: Train = async ({ model }) => {
      await eventually('five heartbeats', () => beats.length >= 5);
      return { model };
    };
    const worker = workerFor(experiment, experiment.devices[0]!, enough, { heartbeatSec: 0.1, fetch: counting });
    await worker.run({ maxJobs: 1 });
    expect(beats[4]! - beats[0]!).toBeGreaterThan(350);
  });

  it('tells with its heartbeats how far it is', async () => {
    const experiment = await newExperiment(server.url, 1, { w: [1] });
    const { ID: job_id } = await newJob(experiment);
    const { project_id } = experiment.ids;
    const shown = async () => (await experiment.admin.Job.devices({ project_id, job_id })).body.data[0];
    const worker = workerFor(experiment, experiment.devices[0]!, async ({ model, report }) => {
      report({ loss: 0.5, 'not a number': Number.NaN }, 7);
      await eventually('the step is shown', async () => (await shown())?.progress?.step === 7);
      report({ loss: 0.25 });
      await eventually('the next one is shown', async () => (await shown())?.progress?.metrics['loss'] === 0.25);
      return { model };
    }, { heartbeatSec: 0.05 });
    await worker.run({ maxJobs: 1 });
    expect(await shown()).toMatchObject({ state: 'submitted', progress: { fraction: null, step: 1, metrics: { loss: 0.25 } } });
    expect(worker.errors).toEqual([]);
  });

  it('keeps its lease with a server that does not know what progress is', async () => {
    const refusal = JSON.stringify({ type: 'about:blank', title: 'Bad Request', status: 400, detail: 'Unrecognized key', instance: '/', code: 'invalid_request', request_id: 'r' });
    const told: boolean[] = [];
    await using idle = await deviceServer({});
    const worker = createWorker({
      client: new VergeAI({
        apiKey: 'key',
        baseUrl: idle.url,
        fetch: (url, init) => {
          if (!url.endsWith('/v1/device/heartbeat')) return fetch(url, init);
          told.push(String(init?.body).includes('progress'));
          return told.at(-1) ? Promise.resolve(new Response(refusal, { status: 400, headers: { 'content-type': 'application/problem+json' } })) : fetch(url, init);
        },
      }),
      projectId: 'p',
      waitSec: 0,
      heartbeatSec: 0.05,
      async train({ model, report }) {
        report({ loss: 1 });
        await eventually('heartbeats', () => idle.calls('heartbeat').length >= 3);
        return { model };
      },
    });
    await worker.run({ maxJobs: 1 });
    expect(told).toEqual([true, ...Array<boolean>(told.length - 1).fill(false)]);
  });

  it('no longer renews its lease once it has submitted', async () => {
    await using idle = await deviceServer({});
    const worker = createWorker({
      client: new VergeAI({ apiKey: 'key', baseUrl: idle.url }),
      projectId: 'p',
      waitSec: 0,
      heartbeatSec: 0.05,
      async train({ model }) {
        await eventually('heartbeats', () => idle.calls('heartbeat').length >= 2);
        return { model };
      },
    });
    const run = worker.run();
    // Between two questions for a job there is half a second: time for a heartbeat that was under way to arrive, and after
    // that for ten of a lease that is kept.
    const asked = (times: number) => eventually(`it has asked for a job ${times} times`, () => idle.calls('next_job').length >= times);
    await asked(3);
    const beats = idle.calls('heartbeat').length;
    await asked(5);
    expect(idle.calls('heartbeat')).toHaveLength(beats);
    await worker.stop();
    await run;
  });

  it('reports a training that throws; another device takes over, and this one goes on', async () => {
    const experiment = await newExperiment(server.url, 2, { w: [1] });
    const job = await newJob(experiment);
    const bad: Train = () => {
      throw new Error('the battery is low\0');
    };
    const [drawn, other] = experiment.devices.toSorted((one) => (one.id === job.devices[0] ? -1 : 1));
    const failing = workerFor(experiment, drawn!, bad);
    const failed = failing.run();
    await eventually('the failure is reported', () => failing.outcomes.length > 0);
    const helping = workerFor(experiment, other!, addOne);
    expect(await helping.run({ maxJobs: 1 })).toBe(1);
    await jobWith(experiment, job, 'COMPLETED');
    await failing.stop();
    expect(await failed).toBe(0);
    expect(failing.outcomes).toEqual(['failed']);
    expect(failing.errors).toEqual([new Error('the battery is low\0')]);
    const events = await experiment.admin.Experiment.events(experiment.ids);
    expect(events.body.data.find(({ type }) => type === 'device_replaced')!.data).toEqual({ reason: 'Error: the battery is low', substitute: other!.id });
  });

  it.each<[string, ReturnType<Train> | undefined, RegExp]>([
    ['nothing', undefined, /train must return \{ model \}/],
    ['a tensor too few', { model: {} }, /Tensor "w" is missing/],
    ['a tensor too many', { model: { w: { data: [1, 2] }, v: { data: [1] } } }, /Tensor "v" is not part of the start model/],
    ['numbers that do not fit', { model: { w: { data: [1] } } }, /Tensor "w" has 1 numbers where its shape \[2\] needs 2/],
    ['another shape', { model: { w: { shape: [2, 1], data: [1, 2] } } }, /shape \[2, 1\] where the start model has \[2\]/],
    ['what is no number', { model: { w: { data: [1, NaN] } } }, /Tensor "w" holds NaN at \[1\]/],
    ['no numbers', { model: { w: { shape: [2] } as never } }, /Tensor "w" has no data: give \{ data \}, its numbers in a typed array, or that array itself/],
    ['lists in the place of numbers', { model: { w: [[1], [2]] as never } }, /Tensor "w" has no data/],
    ['the names of a wrapped network', { model: { 'module.w': { data: [1, 2] } } }, /Every name begins with "module\.", which no name of the start model does/],
    ['a weight of nothing', { model: { w: { data: [1, 2] } }, numExamples: 0 }, /numExamples must be more than 0/],
  ])('says what is wrong with a training that gives %s', async (_, result, message) => {
    const experiment = await newExperiment(server.url, 1, { w: [1, 2] });
    const job = await newJob(experiment);
    const worker = workerFor(experiment, experiment.devices[0]!, () => result as never);
    const run = worker.run();
    await jobWith(experiment, job, 'FAILED');
    await worker.stop();
    expect(await run).toBe(0);
    expect(String(worker.errors[0])).toMatch(message);
    const { body } = await experiment.admin.Job.list(experiment.ids);
    expect(body.data[0]!.reason).toMatch(message);
  });

  it('fetches a start model that it knows only once', async () => {
    const experiment = await newExperiment(server.url, 1, { w: [1] });
    let downloads = 0;
    const counting: Fetch = (url, init) => {
      if (url.includes('/v1/download')) downloads++;
      return fetch(url, init);
    };
    const worker = workerFor(experiment, experiment.devices[0]!, ({ model }) => ({ model }), { fetch: counting });
    await newJob(experiment);
    await newJob(experiment);
    await newJob(experiment);
    expect(await worker.run({ maxJobs: 3 })).toBe(3);
    // The aggregate of one update is the update, here the start model; the server writes JSON as the worker does.
    expect(downloads).toBe(1);
  });

  it('stops gracefully: the job under way is finished and submitted', async () => {
    const experiment = await newExperiment(server.url, 1, { w: [1] });
    const job = await newJob(experiment);
    const [training, finish] = [gate(), gate()];
    const worker = workerFor(experiment, experiment.devices[0]!, async ({ model }) => {
      training.open();
      await finish.opened;
      return { model };
    });
    const run = worker.run();
    await expect(worker.run()).rejects.toThrow('running already');
    await training.opened;
    const stopped = worker.stop();
    finish.open();
    await stopped;
    expect(await run).toBe(1);
    await jobWith(experiment, job, 'COMPLETED');
  });

  it('stops at once when it only waits, and when it is told to abandon a training that looks away', async () => {
    const experiment = await newExperiment(server.url, 1, { w: [1] });
    const training = gate();
    const train: Train = () => {
      training.open();
      return new Promise<never>(() => {});
    };
    const worker = workerFor(experiment, experiment.devices[0]!, train, { waitSec: 60 });
    const idle = worker.run();
    const at = performance.now();
    await worker.stop();
    expect(await idle).toBe(0);
    const job = await newJob(experiment);
    const run = worker.run();
    await training.opened;
    await worker.stop({ abandon: true });
    expect(await run).toBe(0);
    expect(performance.now() - at).toBeLessThan(25_000);
    expect(worker.outcomes).toEqual(['abandoned']);
    await jobWith(experiment, job, 'FAILED');
  });

  it('ends when its key is revoked', async () => {
    const experiment = await newExperiment(server.url, 1, { w: [1] });
    const worker = workerFor(experiment, experiment.devices[0]!, addOne);
    await experiment.admin.Device.delete({ project_id: experiment.ids.project_id, device_id: experiment.devices[0]!.id });
    await expect(worker.run()).rejects.toThrow(AuthenticationError);
  });
});
