import { createHash } from 'node:crypto';
import { faultServer, json, noContent, type Behaviour, type SeenRequest } from '@vergeai/testkit';

/** What a device asks a server for, by the end of its path. */
export const operations = {
  next_job: 'GET /v1/device/next_job/',
  start_model: 'GET /v1/job/start_model/',
  download: 'GET /v1/download',
  heartbeat: 'POST /v1/device/heartbeat',
  submit: 'POST /v1/device/submit_model_update',
  submit_evaluation: 'POST /v1/device/submit_evaluation',
  upload: 'PUT /v1/upload',
  report_metrics: 'POST /v1/device/report_metrics',
  report_failure: 'POST /v1/device/report_failure',
} as const;
export type Operation = keyof typeof operations;

export interface Call extends SeenRequest {
  readonly operation: Operation;
  /** By `performance.now()`. */
  readonly at: number;
}

export interface DeviceServer extends AsyncDisposable {
  readonly url: string;
  calls(operation: Operation): Call[];
}

const START = Buffer.from('{"w":[1,2]}');
let tickets = 0;
const link = (request: SeenRequest, path: string) => `http://${request.headers.host}${path}?ticket=${++tickets}`;

/** Always the same job, of this kind; with where the update may go, or as a server gives it that does not say so. */
export const offerOf = (kind: 'TRAIN' | 'EVALUATE', saysWhere = false): Behaviour => (request, ...rest) =>
  json(200, {
    job_id: 'j',
    experiment_id: 'e',
    sequence: 1,
    kind,
    hyperparameters: {},
    config: {},
    model_url: link(request, '/v1/download'),
    model: { size: START.length, sha256: createHash('sha256').update(START).digest('hex'), format: 'json' },
    ...(saysWhere && { upload: { url: link(request, '/v1/upload'), fields: { key: 'k' } } }),
    lease: { expires_at: '', duration_sec: 60 },
  })(request, ...rest);

export const offer = offerOf('TRAIN');
export const offerWithUpload = offerOf('TRAIN', true);

/**
 * A server with one job for one device. Each operation meets the behaviours in `scripts` one after another, and then does
 * what it should: the job is offered until its start model is fetched, and every link and ticket that is given is a new one.
 */
export async function deviceServer(scripts: Partial<Record<Operation, readonly Behaviour[]>>): Promise<DeviceServer> {
  const calls: Call[] = [];
  const callsOf = (operation: Operation) => calls.filter((call) => call.operation === operation);
  const right: Record<Operation, Behaviour> = {
    next_job: (...request) => (callsOf('download').length > 0 ? noContent : offer)(...request),
    start_model: (request, ...rest) => json(200, { model_url: link(request, '/v1/download') })(request, ...rest),
    download: (_, response) => void response.writeHead(200, { 'content-type': 'application/json', 'content-length': START.length }).end(START),
    heartbeat: json(200, { is_device_active: true, lease: { expires_at: '', duration_sec: 60 } }),
    submit: (request, ...rest) => json(200, { model_url: { url: link(request, '/v1/upload'), fields: {} } })(request, ...rest),
    upload: noContent,
    submit_evaluation: json(200, {}),
    report_metrics: json(200, {}),
    report_failure: json(200, {}),
  };
  const server = await faultServer((request, ...rest) => {
    const operation = (Object.keys(operations) as Operation[]).find((name) => `${request.method} ${request.url}`.startsWith(operations[name]))!;
    const nth = callsOf(operation).length;
    calls.push({ ...request, operation, at: performance.now() });
    (scripts[operation]?.[nth] ?? right[operation])(request, ...rest);
  });
  return {
    url: server.url,
    calls: callsOf,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
