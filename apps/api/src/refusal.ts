import { refusals, type RefusalCode } from '@vergeai/contract';

export { refusals, type RefusalCode };

/** One part of a request that is wrong: an RFC 6901 JSON pointer into it, and a sentence. */
export interface Fault {
  readonly path: string;
  readonly message: string;
}

/** RFC 6901. */
export const pointer = (path: readonly PropertyKey[]): string => path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

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
