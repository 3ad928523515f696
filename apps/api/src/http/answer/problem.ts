import type { Problem } from '@vergeai/contract';
import type { Database } from '@vergeai/db';
import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import type { Context } from '../../context.js';
import { Refusal, refusalForShortage, refusals, type RefusalCode } from '../../refusal.js';
import { closeAfterAnswer } from './close-after-answer.js';
import { prefixOf } from '../edge/prefix.js';
import { requestState } from '../edge/request-state.js';

/** Answers every error as application/problem+json (RFC 9457). What is not a Refusal is logged and shown without detail. */
export const answerProblems = ({ db, log, clock, config }: Pick<Context, 'db' | 'log' | 'clock' | 'config'>): ErrorRequestHandler =>
  (error: unknown, req, res, next) => {
    const refusal = asRefusal(db, error);
    const state = requestState(req);
    state.refusedWith = refusal.code;
    // Of what the server could not do, be it its fault or not; a refusal by its rules is in the request's own line.
    if (refusal.code === 'internal_error' || refusal.code === 'busy' || (refusal.code === 'storage_full' && refusal.cause))
      log.error({ err: refusal.cause, request_id: state.requestId, operation: state.operation }, 'request failed');
    if (res.headersSent) {
      // The answer is under way and can't be taken back: end the connection, so that nobody takes half for whole.
      res.destroy();
      return;
    }
    if (res.closed) return next();
    closeAfterAnswer(clock, req, res, problemOf(res, refusal, { requestId: state.requestId, instance: req.originalUrl.split('?')[0]!, prefix: prefixOf(config) }));
  };

/** The body of the answer; its status and headers are set. */
function problemOf(res: Response, refusal: Refusal, where: Where): string {
  const { code, message: detail, errors, retryAfterSec, allow } = refusal;
  const body = problem(code, { detail, ...where, ...(errors && { errors: [...errors] }) });
  const { status } = body;
  // What was set for the success that did not come says nothing of this answer.
  for (const header of ['ETag', 'Content-Disposition', 'Accept-Ranges', 'Content-Length']) res.removeHeader(header);
  res.set('Cache-Control', 'no-store');
  if (retryAfterSec ?? status === 503) res.set('Retry-After', String(retryAfterSec ?? 1));
  if (allow) res.set('Allow', allow.join(', '));
  if (status === 401) res.set('WWW-Authenticate', 'Bearer');
  res.status(status).type('application/problem+json');
  return JSON.stringify(body);
}

/** Which request, and under which prefix others see the page that explains its code. */
interface Where {
  readonly instance: string;
  readonly requestId: string;
  readonly prefix: string;
}

/** RFC 9457, as every answer of this server that is not a success. */
export function problem(
  code: RefusalCode,
  { detail, instance, requestId, prefix, errors }: Where & { detail?: string; errors?: Problem['errors'] },
): Problem {
  const [status, title] = refusals[code];
  return { type: `${prefix}/problems#${code}`, title, status, detail: detail ?? title, instance, code, request_id: requestId, ...(errors && { errors }) };
}

/** Errors of the body parser and of the router, by their `type` and status. */
const httpErrors: Record<string, RefusalCode> = {
  'entity.too.large': 'body_too_large',
  'encoding.unsupported': 'unsupported_media_type',
  'request.aborted': 'incomplete_body',
  'request.size.invalid': 'incomplete_body',
};

function asRefusal(db: Database, error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  const { type, limit, cause } = error as { type?: string; limit?: number; cause?: unknown };
  // body-parser wraps what `verify` throws.
  if (cause instanceof Refusal) return cause;
  const code = type && httpErrors[type];
  if (code) return new Refusal(code, code === 'body_too_large' ? `The body may have at most ${limit} bytes.` : undefined, { cause: error });
  if (error instanceof URIError) return new Refusal('invalid_request', 'The path has a broken percent-encoding.', { cause: error });
  if (db.isUniqueViolation(error) || db.isMissingParent(error)) return new Refusal('conflict', undefined, { cause: error });
  if (db.isFull(error)) return new Refusal('storage_full', undefined, { cause: error });
  if (db.isBusy(error) || db.isUnavailable(error)) return new Refusal('busy', undefined, { cause: error });
  if (db.isOutOfRange(error)) return new Refusal('invalid_request', 'A number in the request is larger than any that there is.', { cause: error });
  const shortage = refusalForShortage(error);
  if (shortage) return new Refusal(shortage, undefined, { cause: error });
  return new Refusal('internal_error', undefined, { cause: error });
}

export const routeNotFound: RequestHandler = () => {
  throw new Refusal('route_not_found');
};
