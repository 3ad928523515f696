/**
 * Every reason to refuse a request: its HTTP status and what it means.
 * The code is a promise to programs; `http/answer/problem.ts` makes the answer, `/problems` shows this table.
 */
export const refusals = {
  invalid_request: [400, 'Some part of the request is not as the operation wants it; `errors` lists every part.'],
  malformed_http: [400, 'The bytes on the connection are not HTTP/1.1 as this server takes it.'],
  invalid_json: [400, 'The body is not JSON (RFC 8259). Look at its quotes, commas and brackets.'],
  json_too_deep: [400, 'The JSON is nested deeper than 64.'],
  incomplete_body: [400, 'The connection ended before the whole body had arrived. Nothing was kept.'],
  empty_model: [400, 'The upload has no bytes. Send the model as the body, or as the part of the form named "file".'],
  start_model_already_submitted: [400, 'An experiment takes one start model, and this one has it. Create or fork another experiment for another model.'],
  start_model_missing: [400, 'The experiment has no start model yet. Submit one with submit_start_model first.'],
  job_ended: [400, 'The job has ended, so it cannot be cancelled.'],
  job_not_started: [400, 'The job waits for its turn; it takes no updates yet.'],
  job_not_complete: [400, 'The job has no aggregate model before it is COMPLETED.'],
  job_not_retryable: [400, 'Only a job that was cancelled or failed can be retried.'],
  not_enough_devices: [400, 'The project has fewer devices than the job asks for.'],
  num_examples_mixed: [400, 'Either every update of a job gives num_examples or none does.'],
  hyperparameters_fixed: [400, 'Hyperparameters can be changed only until the first job exists. Fork the experiment to train with others.'],
  last_owner: [400, 'The last owner of a project cannot be removed or demoted. Make somebody else an owner first.'],
  server_admin_stays: [400, 'A server admin cannot be disabled: nobody could undo it.'],
  already_member: [400, 'The user is a member already; use update_member.'],
  ticket_used: [400, 'An upload ticket works once, and this one has been used. Ask for a new one.'],
  key_missing: [401, 'The request has no API key. Send it as `Authorization: <key>` or `Authorization: Bearer <key>`.'],
  key_invalid: [401, 'The API key is unknown, malformed, revoked or expired. Check that all of it was copied, or use another one.'],
  session_invalid: [401, 'The session is over: it was ended, not used for 12 hours, is older than 7 days, or its API key does not count any more. Sign in again.'],
  code_invalid: [401, 'The sign-in code is unknown, was used before, is older than a minute, or its API key does not count any more. Make a new one.'],
  permission_denied: [403, 'The caller sees the project but its permission level is too low for this. An admin of the project can raise it.'],
  owner_required: [403, 'Only an owner may make, change or remove an owner.'],
  server_admin_required: [403, 'Only the server admin may do this.'],
  user_key_required: [403, 'A device key cannot do this; a user key can.'],
  device_key_required: [403, 'Only a device key can do this. Registering a device gives one.'],
  session_required: [403, 'Only a session can do this; a key cannot.'],
  cross_site_request: [403, 'A session counts only for a page of this server itself: the request comes from elsewhere, or lacks `X-Verge-Session: 1`.'],
  host_not_allowed: [403, 'A request for a page or with a session must name a host by which this server knows itself. Set PUBLIC_URL to the address that people use.'],
  sign_in_needs_tls: [403, 'The way to this server is not encrypted, so signing in with a browser is refused. Put TLS in front, or open it on its own machine.'],
  web_off: [403, 'Signing in with a browser is turned off on this server (WEB=0).'],
  ticket_invalid: [403, 'The ticket or link was not made by this server, or was changed on the way. Send all of it as it is, or ask for a new one.'],
  ticket_expired: [403, 'The ticket or link has expired. Ask for a new one.'],
  device_not_drawn: [403, 'This device was not drawn for the job, or another one has taken its place.'],
  route_not_found: [404, 'There is no such path. /openapi.json lists those that there are.'],
  project_not_found: [404, 'There is no such project, or the caller may not see it.'],
  experiment_not_found: [404, 'There is no such experiment in this project.'],
  job_not_found: [404, 'There is no such job in this project.'],
  device_not_found: [404, 'There is no such device in this project.'],
  member_not_found: [404, 'The user is not a member of this project.'],
  user_not_found: [404, 'There is no such user.'],
  key_not_found: [404, 'The caller has no such key.'],
  session_not_found: [404, 'The caller has no such session, or it is over.'],
  model_not_found: [404, 'The model is not there any more.'],
  method_not_allowed: [405, 'The path exists, but not with this method; `Allow` lists those it takes.'],
  idempotency_in_progress: [409, 'A request with the same Idempotency-Key is still running. Repeat it after as long as `Retry-After` says to get its answer.'],
  job_closed: [409, 'The job takes no more updates. Ask next_job for another one.'],
  update_already_submitted: [409, 'This device has submitted another update for the job.'],
  conflict: [409, 'Another request changed the same thing at the same moment. Look at it anew, and try again if it still makes sense.'],
  body_too_large: [413, 'The body is larger than this operation takes.'],
  model_too_large: [413, 'The model is larger than this server takes.'],
  unsupported_media_type: [415, 'The Content-Type or Content-Encoding is not one that this operation takes.'],
  range_not_satisfiable: [416, 'The Range lies outside the model.'],
  invalid_model: [422, 'The bytes are not a model that fits; the pointer in `errors` is the first offence.'],
  idempotency_key_reused: [422, 'The Idempotency-Key was used before with another request. Take a new key for a new request.'],
  rate_limited: [429, 'Too many requests. Wait as long as `Retry-After` says.'],
  request_too_slow: [408, 'The request line and headers did not arrive in time.'],
  headers_too_large: [431, 'The request line and headers are larger than 16 KiB.'],
  upload_too_slow: [408, 'The body arrived more slowly than this server waits for.'],
  internal_error: [500, 'A fault in the server. It has been logged under this request id.'],
  busy: [503, 'The server could not get to it in time. Nothing was changed; try again.'],
  starting: [503, 'The server is starting.'],
  stopping: [503, 'The server is stopping.'],
  storage_full: [507, 'The disk is full, or nearly so: what would take up more of it is refused. Reading and deleting still work.'],
  project_storage_full: [507, 'The project has no room for the model: it may keep so many bytes of models, and no more. Delete experiments of it, or ask the server admin for a higher limit.'],
} as const satisfies Record<string, readonly [status: number, meaning: string]>;

export type RefusalCode = keyof typeof refusals;

/** One part of a request that is wrong: an RFC 6901 JSON pointer into it, and a sentence. */
export interface Fault {
  readonly path: string;
  readonly message: string;
}

export interface RefusalDetails {
  readonly errors?: readonly Fault[];
  readonly retryAfterSec?: number;
  readonly allow?: readonly string[];
  readonly cause?: unknown;
}

/** A normal answer of "no": a code for programs, a sentence for people, a cause for us. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: RefusalCode;
  readonly errors: readonly Fault[] | undefined;
  readonly retryAfterSec: number | undefined;
  readonly allow: readonly string[] | undefined;

  constructor(code: RefusalCode, sentence: string = refusals[code][1], details: RefusalDetails = {}) {
    super(sentence, { cause: details.cause });
    this.code = code;
    this.errors = details.errors;
    this.retryAfterSec = details.retryAfterSec;
    this.allow = details.allow;
  }
}

/** What the machine can run out of, by the code of the error that says so. */
const shortages: Readonly<Record<string, 'busy' | 'storage_full'>> = {
  ENOSPC: 'storage_full',
  EDQUOT: 'storage_full',
  EFBIG: 'storage_full',
  EMFILE: 'busy',
  ENFILE: 'busy',
  ENOMEM: 'busy',
  ENOBUFS: 'busy',
  EAGAIN: 'busy',
  ERR_WORKER_INIT_FAILED: 'busy',
};

/**
 * How to refuse what failed because files, memory or disk have run out; undefined when an error says something else.
 * Errors lose their code on the way from a thread, and their message begins with it.
 */
export function refusalForShortage(error: unknown): 'busy' | 'storage_full' | undefined {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  return shortages[typeof code === 'string' ? code : (/^(E[A-Z]+): /.exec(String(message))?.[1] ?? '')];
}

export const modelTooLarge = (limit: number): Refusal => new Refusal('model_too_large', `The model is larger than ${limit} bytes, the most that this server takes.`);
