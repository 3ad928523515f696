import type { EventEntry } from '@vergeai/contract';
import { eventually } from '@vergeai/testkit';
import { newExperiment, newProject, send, type TestApi } from './api.js';
import { askTicket, newPlace, putRaw, type Ticket } from './uploads.js';

/** A device with its key. */
export interface TestDevice {
  readonly id: string;
  readonly key: string;
}

/** A project with an experiment that has a start model, and devices. */
export interface Training {
  readonly project: string;
  readonly experiment: string;
  readonly devices: readonly TestDevice[];
}

/** A model of two tensors, all numbers `value`. */
export const model = (value: number) => ({ w: [[value, value]], b: [value] });

export async function newDevice(api: TestApi, project: string): Promise<TestDevice> {
  const { body } = await send(api, 'POST', '/v1/device/create', { key: api.adminKey, json: { project_id: project } });
  return { id: body.device_id as string, key: body.device_api_key as string };
}

export async function newTraining(api: TestApi, numDevices: number, startModel: unknown = model(0)): Promise<Training> {
  const project = await newProject(api);
  const experiment = await newExperiment(api, project);
  const submitted = await send(api, 'POST', '/v1/experiment/submit_start_model', {
    key: api.adminKey,
    json: { project_id: project, experiment_id: experiment, model: startModel },
  });
  if (submitted.status !== 204) throw new Error(submitted.text);
  const devices: TestDevice[] = [];
  for (let n = 0; n < numDevices; n++) devices.push(await newDevice(api, project));
  return { project, experiment, devices };
}

export const createJob = (api: TestApi, { project, experiment }: Training, more: Record<string, unknown> = {}) =>
  send(api, 'POST', '/v1/job/create', { key: api.adminKey, json: { project_id: project, experiment_id: experiment, num_devices: 1, ...more } });

export async function newJob(api: TestApi, training: Training, more: Record<string, unknown> = {}): Promise<string> {
  const { status, body, text } = await createJob(api, training, more);
  if (status !== 200) throw new Error(text);
  return body.ID as string;
}

export const createSeries = (api: TestApi, { project, experiment }: Training, count: number, more: Record<string, unknown> = {}, headers: Record<string, string> = {}) =>
  send(api, 'POST', '/v1/job/create_series', { key: api.adminKey, json: { project_id: project, experiment_id: experiment, num_devices: 1, count, ...more }, headers });

export const getJob = async (api: TestApi, { project }: Training, job: string) =>
  (await send(api, 'GET', `/v1/job/get/${project}/${job}`, { key: api.adminKey })).body;

export const getExperiment = async (api: TestApi, { project, experiment }: Training) =>
  (await send(api, 'GET', `/v1/experiment/get/${project}/${experiment}`, { key: api.adminKey })).body;

export const cancelJob = (api: TestApi, { project }: Training, job: string) =>
  send(api, 'POST', '/v1/job/cancel', { key: api.adminKey, json: { project_id: project, job_id: job } });

export const submitUpdate = (api: TestApi, { project }: Training, job: string, device: TestDevice, update: unknown, more: Record<string, unknown> = {}) =>
  send(api, 'POST', '/v1/device/submit_model_update', { key: device.key, json: { project_id: project, job_id: job, model: update, ...more } });

export const submitEvaluation = (api: TestApi, { project }: Training, job: string, device: TestDevice, metrics: Record<string, number>, more: Record<string, unknown> = {}) =>
  send(api, 'POST', '/v1/device/submit_evaluation', { key: device.key, json: { project_id: project, job_id: job, metrics, ...more } });

export const nextJob = (api: TestApi, { project }: Training, device: TestDevice, wait = 0) =>
  send(api, 'GET', `/v1/device/next_job/${project}?wait=${wait}`, { key: device.key });

export const heartbeat = (api: TestApi, { project }: Training, job: string, device: TestDevice) =>
  send(api, 'POST', '/v1/device/heartbeat', { key: device.key, json: { project_id: project, job_id: job } });

export const isActive = async (api: TestApi, { project }: Training, job: string, device: TestDevice) =>
  (await send(api, 'GET', `/v1/device/is_active/${project}/${job}/${device.id}`, { key: device.key })).body.is_device_active as boolean;

/** Waits until a job has the status; gives the job. */
export const jobWith = (api: TestApi, training: Training, job: string, status: string, withinMs?: number) =>
  eventually(
    `job ${job} is ${status}`,
    async () => {
      const found = await getJob(api, training, job);
      return found.status === status && found;
    },
    withinMs,
  );

/** The bytes behind a link operation, as text. */
export async function download(api: TestApi, path: string, key: string): Promise<string> {
  const { body, text } = await send(api, 'GET', path, { key });
  if (!body?.model_url) throw new Error(text);
  return (await send(api, 'GET', body.model_url as string)).text;
}

/** The devices that were drawn for a job, in the order they were drawn. */
export const drawnFor = (training: Training, job: { devices: string[] }) => job.devices.map((id) => training.devices.find((device) => device.id === id)!);

export const retryJob = (api: TestApi, { project }: Training, job: string) =>
  send(api, 'POST', '/v1/job/retry', { key: api.adminKey, json: { project_id: project, job_id: job } });

export const reportFailure = (api: TestApi, { project }: Training, job: string, device: TestDevice, reason = 'battery low') =>
  send(api, 'POST', '/v1/device/report_failure', { key: device.key, json: { project_id: project, job_id: job, reason } });

export const deleteDevice = (api: TestApi, { project }: Training, device: TestDevice) =>
  send(api, 'POST', '/v1/device/delete', { key: api.adminKey, json: { project_id: project, device_id: device.id } });

/** An upload ticket for a device's update; throws when it is refused. */
export async function updateTicket(api: TestApi, { project }: Training, job: string, device: TestDevice, more: Record<string, unknown> = {}): Promise<Ticket> {
  const { status, body, text } = await send(api, 'POST', '/v1/device/submit_model_update', { key: device.key, json: { project_id: project, job_id: job, ...more } });
  if (status !== 200) throw new Error(text);
  return body.model_url as Ticket;
}

/** A device's update as bytes, by ticket. */
export const uploadUpdate = async (api: TestApi, training: Training, job: string, device: TestDevice, bytes: Uint8Array | string, more: Record<string, unknown> = {}) =>
  putRaw(await updateTicket(api, training, job, device, more), bytes);

/** Inline, with the model's text as it stands. */
export const submitText = (api: TestApi, { project }: Training, job: string, device: TestDevice, modelText: Uint8Array | string) =>
  send(api, 'POST', '/v1/device/submit_model_update', {
    key: device.key,
    body: Buffer.concat([Buffer.from(`{"project_id":"${project}","job_id":"${job}","model":`), Buffer.from(modelText), Buffer.from('}')]),
    headers: { 'Content-Type': 'application/json' },
  });

/** The same as newTraining, with a start model that is bytes. */
export async function newTrainingOf(api: TestApi, numDevices: number, startModel: Uint8Array | string): Promise<Training> {
  const place = await newPlace(api);
  const submitted = await putRaw(await askTicket(api, place), startModel);
  if (submitted.status !== 204) throw new Error(submitted.text);
  return { ...place, devices: await Promise.all(Array.from({ length: numDevices }, () => newDevice(api, place.project))) };
}

/** The bytes behind a link operation. */
export async function downloadBytes(api: TestApi, path: string, key = api.adminKey): Promise<Buffer> {
  const { body, text } = await send(api, 'GET', path, { key });
  if (!body?.model_url) throw new Error(text);
  return Buffer.from(await (await fetch(body.model_url as string)).arrayBuffer());
}

export const aggregateOf = (api: TestApi, { project }: Training, job: string): Promise<Buffer> => downloadBytes(api, `/v1/job/aggregate_model/${project}/${job}`);

/** Every event of the experiment, oldest first. */
export async function eventsOf(api: TestApi, { project, experiment }: Training) {
  const { body } = await send(api, 'GET', `/v1/experiment/events/${project}/${experiment}?limit=200`, { key: api.adminKey });
  return body.data as EventEntry[];
}
