import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cleanModel, poisonModels, type PoisonModel } from '@vergeai/testkit';
import { databases, startApi, type Reply, type TestApi } from '../support/api.js';
import { allFaults } from '../support/experiment-log.js';
import { aggregateOf, getJob, isActive, jobWith, newJob, newTrainingOf, submitText, uploadUpdate, type TestDevice, type Training } from '../support/training.js';

const poisons = poisonModels();

/** As a value inside a JSON request it would be another request, or none: only a ticket can carry it. */
const needsTicket = ({ format, bytes }: PoisonModel): boolean => {
  if (format === 'safetensors') return true;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const value: unknown = JSON.parse(text);
    return typeof value !== 'object' || value === null || Array.isArray(value);
  } catch {
    return true;
  }
};

describe.each(databases)('a poison update on %s', (database) => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi(database, { LOG_LEVEL: 'silent' });
  });
  afterAll(() => api.close());

  const sendAll = async (format: PoisonModel['format'], list: readonly PoisonModel[], submit: (training: Training, job: string, device: TestDevice, bytes: Uint8Array) => Promise<Reply>) => {
    const clean = cleanModel(format);
    const training = await newTrainingOf(api, 1, clean);
    const [device] = training.devices;
    const job = await newJob(api, training);
    const taken: string[] = [];
    for (const { name, bytes, pointer } of list) {
      const { status, body } = await submit(training, job, device!, bytes);
      // An empty body is refused before anything is looked at.
      if (bytes.length === 0 && body?.code === 'empty_model') continue;
      const fault = body?.errors?.[0];
      if (status !== 422 || body.code !== 'invalid_model' || typeof fault?.path !== 'string' || (pointer !== undefined && fault.path !== `/model${pointer}`))
        taken.push(`${name}: ${status} ${body?.code} ${fault?.path}, not /model${pointer}`);
    }
    expect(taken).toEqual([]);
    expect(await isActive(api, training, job, device!)).toBe(true);
    expect((await getJob(api, training, job)).models).toEqual({});
    expect((await submit(training, job, device!, clean)).status).toBe(204);
    await jobWith(api, training, job, 'COMPLETED');
    expect(await aggregateOf(api, training, job)).toEqual(Buffer.from(clean));
    expect(await allFaults(api)).toEqual([]);
  };

  it('is refused by ticket with 422 and a pointer, 120 kinds and more; then the device submits a good one and the job completes: json', { timeout: 120_000 }, async () => {
    expect(poisons.length).toBeGreaterThanOrEqual(120);
    await sendAll('json', poisons.filter(({ format }) => format === 'json'), (training, job, device, bytes) => uploadUpdate(api, training, job, device, bytes));
  });

  it('the same: safetensors', { timeout: 120_000 }, async () => {
    await sendAll('safetensors', poisons.filter(({ format }) => format === 'safetensors'), (training, job, device, bytes) => uploadUpdate(api, training, job, device, bytes));
  });

  it('is refused inline with 422 and a pointer, where it can be sent inline at all', { timeout: 120_000 }, async () => {
    const inline = poisons.filter((poison) => !needsTicket(poison));
    expect(inline.length).toBeGreaterThan(20);
    await sendAll('json', inline, (training, job, device, bytes) => submitText(api, training, job, device, bytes));
  });
});
