import { readdir } from 'node:fs/promises';
import { request, type ClientRequest } from 'node:http';
import path from 'node:path';
import { eventually } from '@vergeai/testkit';
import { expect } from 'vitest';
import { newExperiment, newProject, send, type Reply, type TestApi } from './api.js';

/** An experiment that has no model yet. */
export interface Place {
  readonly project: string;
  readonly experiment: string;
}

export async function newPlace(api: TestApi, key = api.adminKey): Promise<Place> {
  const project = await newProject(api, key);
  return { project, experiment: await newExperiment(api, project, key) };
}

export interface Ticket {
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
}

type Body = Uint8Array | string;

export const submitInline = (api: TestApi, { project, experiment }: Place, model: unknown, key = api.adminKey): Promise<Reply> =>
  send(api, 'POST', '/v1/experiment/submit_start_model', { key, json: { project_id: project, experiment_id: experiment, model } });

/** Inline, with the model's text as it stands. */
export const submitText = (api: TestApi, { project, experiment }: Place, model: string, key = api.adminKey): Promise<Reply> =>
  send(api, 'POST', '/v1/experiment/submit_start_model', {
    key,
    body: `{"project_id":"${project}","experiment_id":"${experiment}","model":${model}}`,
    headers: { 'Content-Type': 'application/json' },
  });

export async function askTicket(api: TestApi, { project, experiment }: Place, key = api.adminKey): Promise<Ticket> {
  const { status, body } = await send(api, 'POST', '/v1/experiment/submit_start_model', {
    key,
    json: { project_id: project, experiment_id: experiment },
  });
  expect(status).toBe(200);
  return body.model_url as Ticket;
}

/** A presigned POST: the fields first, the bytes last. */
export function postForm(ticket: Ticket, bytes: Body, { fields = ticket.fields, fileName = 'file' } = {}): Promise<Reply> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append(fileName, new Blob([bytes]), 'model.bin');
  return send({ url: '' }, 'POST', ticket.url, { body: form });
}

export const putUrl = ({ url, fields }: Ticket): string => `${url}?${new URLSearchParams(fields)}`;

export const putRaw = (ticket: Ticket, bytes: Body, headers: Record<string, string> = { 'Content-Type': 'application/octet-stream' }): Promise<Reply> =>
  send({ url: '' }, 'PUT', putUrl(ticket), { body: bytes as Uint8Array<ArrayBuffer>, headers });

/** Both ways a ticket takes the bytes. */
export const ticketWays = [
  ['presigned POST', postForm],
  ['raw PUT', putRaw],
] as const;

/** GET on the signed link of the start model. */
export async function download(
  api: TestApi,
  { project, experiment }: Place,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<{ status: number; headers: Reply['headers']; bytes: Buffer }> {
  const { body } = await send(api, 'GET', `/v1/experiment/start_model/${project}/${experiment}`, { key: api.adminKey });
  const response = await fetch(body.model_url as string, { method, headers });
  return { status: response.status, headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) };
}

export const getExperiment = async (api: TestApi, { project, experiment }: Place) =>
  (await send(api, 'GET', `/v1/experiment/get/${project}/${experiment}`, { key: api.adminKey })).body;

/** A refusal as every refusal has to be: problem+json with this status and code and nothing of our insides. */
export function expectProblem({ status, headers, body, text }: Reply, wanted: number, code: string): void {
  expect({ status, code: body?.code as unknown }, text).toEqual({ status: wanted, code });
  expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(body).toMatchObject({ type: `/problems#${code}`, status: wanted, title: expect.any(String), detail: expect.any(String) });
  expect(body.request_id).toBe(headers.get('x-request-id'));
  expect(text).not.toMatch(/node_modules|\.js:\d|prisma|sqlite|postgres/i);
}

/** The experiment has no model, in no way; and no byte of one is left on the disk. */
export async function expectNothingKept(api: TestApi, place: Place): Promise<void> {
  expect(await getExperiment(api, place)).toMatchObject({ start_model: {}, current_model: {} });
  expect(await api.ctx.db.prisma.storedModel.count({ where: { experimentId: place.experiment } })).toBe(0);
  expect(await blobsOf(api, place.project)).toEqual([]);
  await nothingStaged(api);
}

/** Files of uploads under way: each process has a folder of its own below `staging`. */
export async function stagedFiles(dataDir: string): Promise<string[]> {
  const staging = path.join(dataDir, 'blobs', 'staging');
  const folders = (await readdir(staging, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  return (await Promise.all(folders.map(({ name }) => readdir(path.join(staging, name))))).flat();
}

/** Temporary files go when their request is over, which may be a moment after its answer was read. */
export const nothingStaged = (api: Pick<TestApi, 'dataDir'>): Promise<true> =>
  eventually('no temporary file is left', async () => (await stagedFiles(api.dataDir)).length === 0);

/** Files that are kept for a project. */
export const blobsOf = (api: Pick<TestApi, 'dataDir'>, project: string): Promise<string[]> =>
  readdir(path.join(api.dataDir, 'blobs', 'models', project)).catch(() => []);

export interface OpenRequest {
  readonly req: ClientRequest;
  /** Rejects when the connection ends without an answer. */
  readonly reply: Promise<Reply>;
}

/** A request whose body the test writes by hand. */
export function openRequest(url: string, method: string, headers: Record<string, string | number>): OpenRequest {
  const req = request(url, { method, headers, agent: false });
  const reply = new Promise<Reply>((resolve, reject) => {
    req.once('error', reject);
    req.once('response', (res) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.once('error', reject);
      res.once('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: res.statusCode!, headers: new Headers(res.headers as Record<string, string>), text, body: text.startsWith('{') ? JSON.parse(text) : undefined });
      });
    });
  });
  // Whoever cuts a request off does not want to hear of it.
  reply.catch(() => {});
  return { req, reply };
}
