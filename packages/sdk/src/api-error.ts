import type { Problem } from '@vergeai/contract';
import {
  APIError,
  AuthenticationError,
  Conflict,
  InvalidRequest,
  NotFound,
  PayloadTooLarge,
  PermissionDenied,
  RateLimited,
  ServerError,
  Unprocessable,
  UnsupportedMediaType,
  type APIErrorDetails,
} from './errors.js';
import { retryAfter } from './retry-after.js';

const byStatus: Readonly<Record<number, typeof APIError>> = {
  400: InvalidRequest,
  401: AuthenticationError,
  403: PermissionDenied,
  404: NotFound,
  409: Conflict,
  413: PayloadTooLarge,
  415: UnsupportedMediaType,
  422: Unprocessable,
  429: RateLimited,
};

/** The typed error for an answer that is not a success. Reads the answer's body to the end. */
export async function apiError(response: Response): Promise<APIError> {
  const text = await response.text();
  const problem = isJson(response) ? parsedProblem(text) : {};
  const details: APIErrorDetails = {
    statusCode: response.status,
    detail: problem.detail ?? plainDetail(response),
    code: problem.code,
    requestId: problem.request_id ?? response.headers.get('x-request-id') ?? undefined,
    errors: problem.errors,
    retryAfterMs: retryAfter(response.headers.get('retry-after'), Date.now()),
  };
  const Kind = byStatus[response.status] ?? (response.status >= 500 ? ServerError : APIError);
  return new Kind(details);
}

/** Whether the body claims to be JSON, of whichever kind. */
export const isJson = (response: Response): boolean => /^application\/([\w.-]+\+)?json\b/i.test(response.headers.get('content-type') ?? '');

/** A proxy may speak JSON of its own, so that each member is believed only if it has the right type. */
function parsedProblem(text: string): Partial<Problem> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return {};
  }
  if (typeof parsed !== 'object' || parsed === null) return {};
  const { detail, code, request_id, errors } = parsed as Record<string, unknown>;
  return {
    ...(typeof detail === 'string' && { detail }),
    ...(typeof code === 'string' && { code }),
    ...(typeof request_id === 'string' && { request_id }),
    ...(Array.isArray(errors) && { errors }),
  };
}

function plainDetail(response: Response): string {
  if (response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400)) {
    const target = response.headers.get('location');
    return `The server redirects${target ? ` to ${target}` : ''}; the client follows no redirects: set baseUrl to where the API is.`;
  }
  const kind = response.headers.get('content-type')?.split(';')[0] ?? 'nothing';
  return `The server, or something in front of it, answered ${`${response.status} ${response.statusText}`.trim()} with ${kind} instead of a problem document.`;
}
