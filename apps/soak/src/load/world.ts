import { createHash } from 'node:crypto';
import type { Agent } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Chance } from '../chance.js';
import type { Asked, Journal, Operation, Promised } from '../journal.js';
import type { Format } from '../models/make.js';
import { call, codeOf, json, newAgent, type Reply, type Request } from '../wire/call.js';
import type { UnfinishedJobs } from './unfinished-jobs.js';

/** Points of the server's work at which a fault may be aimed. */
export type Moment = 'create' | 'cancel' | 'upload' | 'register' | 'submitted' | 'aggregation' | 'hand-over';

export interface LoadDevice {
  readonly id: string;
  readonly key: string;
  /** Somebody has asked for its deletion: from then on it may be refused. */
  deleted: boolean;
}

export interface LoadExperiment {
  readonly id: string;
  readonly project: LoadProject;
  readonly format: Format;
  /** Jobs that have not ended as far as the events tell. */
  readonly unfinished: UnfinishedJobs;
  readonly retryable: string[];
  readonly completed: string[];
}

export interface LoadProject {
  readonly id: string;
  readonly devices: LoadDevice[];
  readonly experiments: LoadExperiment[];
  deleted: boolean;
}

export interface WorldOptions {
  readonly chance: Chance;
  readonly journal: Journal;
  readonly adminKey: string;
  /** Where a server listens; waits until there is one. */
  readonly base: () => Promise<string>;
  /** How long a request may take before its sender gives up. */
  readonly patienceMs: number;
  readonly onMoment: (moment: Moment) => void;
}

/** These answers hold a key, once, for whom it was made. */
const GIVES_A_KEY = /^\/v1\/(auth|device|user)\/(create|create_key|register)$/;
const FINE_5XX = new Set([503, 507]);
const MAY_BE_GIVEN_UP = new Set<Operation>(['project.create', 'experiment.create', 'experiment.fork', 'job.create', 'job.retry', 'job.cancel']);

/** What all actors of a load share: where the server is, what has been made, and what must be remembered. */
export class World {
  readonly chance: Chance;
  readonly journal: Journal;
  readonly adminKey: string;
  readonly projects: LoadProject[] = [];
  /** Jobs that are being aggregated as far as the events tell. */
  readonly aggregating = new Set<string>();
  readonly patienceMs: number;
  readonly reached: (moment: Moment) => void;
  /** No new work is to be made: what there is is to come to its end. */
  calm = false;
  /** Nobody is to do anything any more. */
  over = false;
  /** Somebody of the load fell over: what they were to end, nobody ends. */
  fellOver = false;
  slowestMs = 0;
  requests = 0;
  readonly base: () => Promise<string>;
  readonly #agent: Agent = newAgent();
  #ids = 0;

  constructor({ chance, journal, adminKey, base, patienceMs, onMoment }: WorldOptions) {
    this.chance = chance;
    this.journal = journal;
    this.adminKey = adminKey;
    this.base = base;
    this.patienceMs = patienceMs;
    this.reached = onMoment;
  }

  wrong(sentence: string): void {
    this.journal.note({ what: 'wrong', sentence });
  }

  /** Waits until so many more requests have been made: what disturbs keeps pace with what it disturbs, on a slow machine too. */
  async progress(requests: number): Promise<void> {
    for (const until = this.requests + requests; this.requests < until && !this.over && !this.calm; ) await pause(10);
  }

  /** One attempt. Undefined: no answer, so nobody knows. */
  async try(request: Request): Promise<Reply | undefined> {
    const reply = await call(await this.base(), this.#agent, { timeoutMs: this.patienceMs, ...request });
    this.requests++;
    if (reply) this.#look(request, reply);
    return reply;
  }

  /** Asks until there is an answer that is not "later". Undefined only when the load is over. */
  async ask(request: Request): Promise<Reply | undefined> {
    while (!this.over) {
      const reply = await this.try(request);
      if (reply && !isLater(reply)) return reply;
      await pause(reply ? 40 : 10);
    }
    return undefined;
  }

  /** A write that the journal follows, sent again with the same Idempotency-Key until it is answered. */
  async write(asked: Asked, body: object, promise: (answer: Record<string, unknown>) => Promised, chance: Chance): Promise<Record<string, unknown> | undefined> {
    const id = this.journal.asked(asked);
    const request: Request = {
      method: 'POST',
      path: `/v1/${asked.op.replace('.', '/')}`,
      key: this.adminKey,
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': `${this.#ids++}-${chance.below(2 ** 32)}` },
      body: Buffer.from(JSON.stringify(body)),
    };
    // Never on what somebody has to go on with: a device nobody works as would keep its jobs waiting.
    const givesUp = MAY_BE_GIVEN_UP.has(asked.op) && chance.happens(0.05);
    for (let attempts = 1; !this.over; attempts++) {
      const reply = await this.try(request);
      if (reply && !isLater(reply)) return this.#settle(id, asked, request, reply, attempts === 1, promise, chance);
      if (givesUp && !reply) return undefined;
      await pause(reply ? 40 : 10);
    }
    return undefined;
  }

  async #settle(id: number, { op }: Asked, request: Request, reply: Reply, sure: boolean, promise: (answer: Record<string, unknown>) => Promised, chance: Chance) {
    if (reply.status >= 400) {
      this.journal.note({ what: 'refused', id, op, code: codeOf(reply), sure });
      return undefined;
    }
    const answer = json(reply);
    const promised = promise(answer);
    this.journal.note({ what: 'done', id, op, ...promised });
    if (chance.happens(0.05)) {
      const again = await this.ask(request);
      if (again && (again.status !== reply.status || !again.bytes.equals(reply.bytes)) && codeOf(again) !== 'project_not_found')
        this.wrong(`${op} with the same Idempotency-Key was answered ${reply.status} ${reply.bytes.toString().slice(0, 200)} at first and ${again.status} ${again.bytes.toString().slice(0, 200)} later`);
    }
    return answer;
  }

  /** What no answer may be. */
  #look({ method, path }: Request, reply: Reply): void {
    this.slowestMs = Math.max(this.slowestMs, reply.tookMs);
    const what = `${method} ${path.split('?')[0]}`;
    const { status, bytes } = reply;
    if (status >= 500 && !FINE_5XX.has(status)) this.wrong(`${what} was answered ${status}: ${bytes.toString('utf8', 0, 500)}`);
    if (status >= 400 && !String(reply.headers['content-type']).startsWith('application/problem+json')) this.wrong(`${what} was refused with ${status} by something that is not problem+json`);
    if (GIVES_A_KEY.test(path) || bytes.length > 100_000) return;
    if (/vg[ud]_[0-9a-z]{16}_/.test(bytes.toString('latin1')) || bytes.includes(this.adminKey)) this.wrong(`the answer to ${what} holds a key`);
  }
}

/**
 * "Later", in one of its forms: what was asked for has not been done, or somebody is at it. Tickets go by the time of day: when that
 * is set on between a ticket and its upload, another one has to be asked for.
 */
export const isLater = (reply: Reply): boolean =>
  reply.status === 503 || reply.status === 507 || codeIs(reply, 409, 'idempotency_in_progress') || codeIs(reply, 409, 'conflict') || codeIs(reply, 403, 'ticket_expired');

const codeIs = (reply: Reply, status: number, code: string): boolean => reply.status === status && codeOf(reply) === code;

export const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** Path and query of a link that a server made, for asking whichever server there is now. */
export function pathOf(link: string): string {
  const { pathname, search } = new URL(link);
  return pathname + search;
}
