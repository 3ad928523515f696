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
  type InvalidPart,
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
  const body = await response.text();
  const problem = isJson(response) ? parsedProblem(body) : {};
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

/** What is read of a problem document (RFC 9457). */
interface Problem {
  readonly detail: string | undefined;
  readonly code: string | undefined;
  readonly request_id: string | undefined;
  readonly errors: readonly InvalidPart[] | undefined;
}

/** A proxy may speak JSON of its own, so that each member is believed only if it has the right type. */
function parsedProblem(body: string): Partial<Problem> {
  try {
    const { detail, code, request_id, errors } = Object(JSON.parse(body)) as Record<string, unknown>;
    return { detail: text(detail), code: text(code), request_id: text(request_id), errors: Array.isArray(errors) ? (errors as InvalidPart[]) : undefined };
  } catch {
    return {};
  }
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function plainDetail(response: Response): string {
  if (response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400)) {
    const target = response.headers.get('location');
    return `The server redirects${target ? ` to ${target}` : ''}; the client follows no redirects: set baseUrl to where the API is.`;
  }
  const kind = response.headers.get('content-type')?.split(';')[0] ?? 'nothing';
  return `The server, or something in front of it, answered ${`${response.status} ${response.statusText}`.trim()} with ${kind} instead of a problem document.`;
}
