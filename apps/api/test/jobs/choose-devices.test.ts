import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openOverduePlaces } from '../../src/engine/watch-places.js';
import { databases, send, startApi, type TestApi } from '../support/api.js';
import { testClock } from '../support/clock.js';
import { allFaults } from '../support/experiment-log.js';
import {
  cancelJob,
  createJob,
  createSeries,
  deleteDevice,
  drawnFor,
  getJob,
  jobWith,
  model,
  newJob,
  newTraining,
  nextJob,
  reportFailure,
  retryJob,
  submitUpdate,
  type TestDevice,
  type Training,
} from '../support/training.js';
import { expectProblem } from '../support/uploads.js';

const MINUTE_MS = 60_000;

describe.each(databases)('a job that chooses its devices, on %s', (database) => {
  let api: TestApi;
  const clock = testClock();
  beforeAll(async () => {
    api = await startApi(database, {}, { clock });
  });
  afterEach(async () => expect(await allFaults(api)).toEqual([]));
  afterAll(() => api.close());

  const idsOf = (devices: readonly TestDevice[]) => devices.map(({ id }) => id);
  const label = (training: Training, device: TestDevice, labels: readonly string[]) =>
    send(api, 'POST', '/v1/device/update', { key: api.adminKey, json: { project_id: training.project, device_id: device.id, labels } });
  const describeJob = async (training: Training, job: string) => (await send(api, 'GET', `/v1/job/describe/${training.project}/${job}`, { key: api.adminKey })).body;

  /** Ten devices, of which the last three carry the labels. */
  async function labelled(): Promise<{ training: Training; gpus: readonly TestDevice[] }> {
    const training = await newTraining(api, 10);
    const gpus = training.devices.slice(7);
    for (const device of gpus) await label(training, device, ['berlin', 'gpu']);
    await label(training, training.devices[0]!, ['gpu']);
    return { training, gpus };
  }

  it('draws all of those that it names when it needs as many, and no other', async () => {
    const training = await newTraining(api, 10);
    const chosen = training.devices.slice(4, 7);
    const job = await newJob(api, training, { num_devices: 2, num_buffer_devices: 1, device_ids: idsOf(chosen) });
    expect((await getJob(api, training, job)).devices.toSorted()).toEqual(idsOf(chosen).toSorted());
    expect(await describeJob(training, job)).toMatchObject({ device_ids: idsOf(chosen), device_labels: null });
  });

  it('draws at random among those that carry all of its labels', async () => {
    const { training, gpus } = await labelled();
    const { body } = await createSeries(api, training, 30, { device_labels: ['gpu', 'berlin'] });
    const drawn = await Promise.all(body.job_ids.map(async (id: string) => (await getJob(api, training, id)).devices[0]));
    // One of three, thirty times: that one is left out happens in 1 of 60,000 runs.
    expect([...new Set(drawn)].toSorted()).toEqual(idsOf(gpus).toSorted());
    expect(await describeJob(training, body.job_ids[29])).toMatchObject({ device_ids: null, device_labels: ['berlin', 'gpu'] });
  });

  it('is refused when too few are left to draw from, and when it names one that is not in the project', async () => {
    const { training } = await labelled();
    const [one, gone] = training.devices;
    const few = await createJob(api, training, { num_devices: 3, num_buffer_devices: 1, device_labels: ['berlin', 'gpu'] });
    expectProblem(few, 400, 'not_enough_devices');
    expect(few.body.detail).toContain('asks for 4 devices and there are 3 devices with the labels "berlin", "gpu"');
    const fewer = await createJob(api, training, { num_devices: 2, device_ids: [one!.id] });
    expectProblem(fewer, 400, 'not_enough_devices');
    const other = (await newTraining(api, 1)).devices[0]!;
    await deleteDevice(api, training, gone!);
    const unknown = await createJob(api, training, { device_ids: [one!.id, other.id, gone!.id] });
    expectProblem(unknown, 400, 'unknown_devices');
    expect(unknown.body.detail).toContain(`no device ${other.id}, ${gone!.id}.`);
    expect((await createSeries(api, training, 2, { device_ids: [other.id] })).body.code).toBe('unknown_devices');
  });

  it('replaces a device only by another one that it chose, and fails when there is none', async () => {
    const { training, gpus } = await labelled();
    const job = await newJob(api, training, { num_devices: 1, device_labels: ['berlin', 'gpu'] });
    const [first] = drawnFor(training, await getJob(api, training, job));
    await reportFailure(api, training, job, first!);
    const [second] = drawnFor(training, await getJob(api, training, job));
    expect(idsOf(gpus)).toContain(second!.id);
    await deleteDevice(api, training, second!);
    const [third] = drawnFor(training, await getJob(api, training, job));
    expect(idsOf(gpus)).toContain(third!.id);
    await reportFailure(api, training, job, third!);
    expect(await getJob(api, training, job)).toMatchObject({ status: 'FAILED' });
  });

  it('replaces one that was deleted while the job was in line only by another one that it chose', async () => {
    const training = await newTraining(api, 8);
    const [busy, ...others] = training.devices;
    const before = await newJob(api, training, { device_ids: [busy!.id] });
    const job = await newJob(api, training, { device_ids: idsOf(others.slice(0, 2)) });
    const [drawn] = drawnFor(training, await getJob(api, training, job));
    await deleteDevice(api, training, drawn!);
    await submitUpdate(api, training, before, busy!, model(1));
    await jobWith(api, training, job, 'IN_PROGRESS');
    expect((await getJob(api, training, job)).devices).toEqual(idsOf(others.slice(0, 2)).filter((id) => id !== drawn!.id));
  });

  it('gives the place of one that does not come to one that it chose, whoever else asks before', async () => {
    const { training, gpus } = await labelled();
    const job = await newJob(api, training, { device_labels: ['berlin', 'gpu'] });
    const [absent] = drawnFor(training, await getJob(api, training, job));
    await clock.advance(MINUTE_MS);
    await openOverduePlaces(api.ctx);
    expect((await describeJob(training, job)).waiting_for).toContain('; only devices with the labels "berlin", "gpu" may take part');
    for (const other of training.devices.slice(0, 7)) expect((await nextJob(api, training, other)).status).toBe(204);
    const next = gpus.find((device) => device !== absent)!;
    expect((await nextJob(api, training, next)).body.job_id).toBe(job);
    expect((await getJob(api, training, job)).devices).toEqual([next.id]);
  });

  it('lets who asks have a place in a later job when an earlier one did not choose it', async () => {
    const training = await newTraining(api, 3);
    const [a, b, asks] = training.devices;
    await newJob(api, training, { device_ids: [a!.id] });
    const experiment = { ...training, experiment: (await send(api, 'POST', '/v1/experiment/fork', { key: api.adminKey, json: { project_id: training.project, experiment_id: training.experiment, from: 'start' } })).body.ID };
    await clock.advance(1);
    const later = await newJob(api, experiment, { device_ids: [b!.id, asks!.id], num_devices: 1 });
    const drawn = (await getJob(api, experiment, later)).devices[0];
    await clock.advance(MINUTE_MS);
    await openOverduePlaces(api.ctx);
    const idle = [b!, asks!].find(({ id }) => id !== drawn)!;
    expect((await nextJob(api, training, idle)).body.job_id).toBe(later);
  });

  it('chooses the same when it is retried, without those that were deleted since', async () => {
    const { training } = await labelled();
    const chosen = training.devices.slice(1, 4);
    const job = await newJob(api, training, { num_devices: 1, device_ids: idsOf(chosen) });
    await cancelJob(api, training, job);
    await deleteDevice(api, training, chosen[0]!);
    const again = await retryJob(api, training, job);
    expect(await describeJob(training, again.body.ID)).toMatchObject({ device_ids: idsOf(chosen) });
    await cancelJob(api, training, again.body.ID);
    for (const device of chosen.slice(1)) await deleteDevice(api, training, device);
    expectProblem(await retryJob(api, training, again.body.ID), 400, 'not_enough_devices');
    const byLabel = await newJob(api, training, { device_labels: ['gpu'] });
    await cancelJob(api, training, byLabel);
    expect(await describeJob(training, (await retryJob(api, training, byLabel)).body.ID)).toMatchObject({ device_labels: ['gpu'] });
  });
});
