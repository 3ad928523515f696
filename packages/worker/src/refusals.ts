import { APIError, ConnectionError, TimeoutError } from '@vergeai/sdk';

/** What a device was about when the server refused it. */
export type Phase = 'next_job' | 'download' | 'heartbeat' | 'submit' | 'report_failure';

/** What it does then. */
export type Reaction = 'again' | 'again_if_known' | 'renew' | 'let_go' | 'report' | 'stop';

/** What a refusal tells a device. */
type Kind = 'passing' | 'ticket' | 'over' | 'out_of_reach' | 'ended' | 'foreign' | 'wrong';

// The rules that all workers share, with what each word means, are in packages/contract/fixtures/device-rules.json; the
// tests hold this file to them.

const reactions: Readonly<Record<Kind, Readonly<Record<Phase, Reaction>>>> = {
  passing: row('again', 'again', 'again', 'again', 'again'),
  ticket: row('again', 'renew', 'again', 'again', 'again'),
  over: row('again', 'let_go', 'let_go', 'let_go', 'let_go'),
  out_of_reach: row('stop', 'let_go', 'let_go', 'let_go', 'let_go'),
  ended: row('stop', 'stop', 'stop', 'stop', 'let_go'),
  foreign: row('again_if_known', 'again', 'again', 'again', 'again'),
  wrong: row('stop', 'report', 'again', 'report', 'let_go'),
};

function row(next_job: Reaction, download: Reaction, heartbeat: Reaction, submit: Reaction, report_failure: Reaction): Readonly<Record<Phase, Reaction>> {
  return { next_job, download, heartbeat, submit, report_failure };
}

/** The codes that tell more than their status does. */
const kindByCode: ReadonlyMap<string | undefined, Kind> = new Map([
  ...codes('passing', 'malformed_http', 'incomplete_body', 'range_not_satisfiable', 'idempotency_key_reused'),
  ...codes('ticket', 'ticket_used', 'ticket_invalid', 'ticket_expired'),
  ...codes('over', 'job_ended', 'job_not_started', 'job_closed', 'update_already_submitted', 'device_not_drawn'),
  ...codes('out_of_reach', 'permission_denied'),
  ...codes('ended', 'device_key_required', 'project_not_found'),
  ...codes('wrong', 'route_not_found', 'model_not_found'),
]);

function codes(kind: Kind, ...names: string[]): [string, Kind][] {
  return names.map((name) => [name, kind]);
}

/** Any other code, such as one of a newer server, and an answer without one, which is not the API's. */
function kindByStatus(status: number, code: string | undefined): Kind {
  if (status < 400 || (status === 404 && code === undefined)) return 'foreign';
  if (status === 401) return 'ended';
  if (status === 404) return 'out_of_reach';
  return status >= 500 || [408, 409, 425, 429].includes(status) ? 'passing' : 'wrong';
}

function kindOf(error: unknown): Kind {
  if (error instanceof APIError) return kindByCode.get(error.code) ?? kindByStatus(error.statusCode, error.code);
  return error instanceof ConnectionError || error instanceof TimeoutError ? 'passing' : 'wrong';
}

/** What a device does after `error`. */
export const reactionTo = (error: unknown, phase: Phase): Reaction => reactions[kindOf(error)][phase];
