/** What every error that this client makes descends from. */
export class VergeAIError extends Error {
  override name = 'VergeAIError';
}

/** One part of a request that the server refused: an RFC 6901 JSON pointer and a sentence. */
export interface InvalidPart {
  /** A JSON pointer into the request. */
  readonly path: string;
  /** What is wrong with what stands there. */
  readonly message: string;
}

/** What an answer said when it was not a success. */
export interface APIErrorDetails {
  /** The HTTP status on the wire. */
  readonly statusCode: number;
  /** The server's sentence for people. */
  readonly detail: string;
  /** What a program should look at. */
  readonly code?: string | undefined;
  /** What the operator needs to find the request in the logs. */
  readonly requestId?: string | undefined;
  /** Every part of the request that failed. */
  readonly errors?: readonly InvalidPart[] | undefined;
  /** How long the server asked to wait, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
}

/** The server answered, and the answer is not a success. Its subclasses say which kind. */
export class APIError extends VergeAIError {
  override name = 'APIError';
  /** The HTTP status on the wire. */
  declare readonly statusCode: number;
  /** Stable and snake_case: what a program should look at. Undefined when the answer was not the API's (a proxy's page). */
  declare readonly code: string | undefined;
  /** The server's sentence for people. */
  declare readonly detail: string;
  /** What the operator needs to find the request in the logs. */
  declare readonly requestId: string | undefined;
  /** For validation: every part of the request that failed. */
  declare readonly errors: readonly InvalidPart[];
  /** How long the server asked to wait, in milliseconds. */
  declare readonly retryAfterMs: number | undefined;

  constructor({ statusCode, code, detail, requestId, errors = [], retryAfterMs }: APIErrorDetails) {
    const marks = [code, requestId && `request ${requestId}`].filter(Boolean).join(', ');
    super(marks ? `${detail} (${marks})` : detail);
    Object.assign(this, { statusCode, code, detail, requestId, errors, retryAfterMs });
  }
}

/** 400: the request is malformed, or not valid in the resource's present state; `code` says which. */
export class InvalidRequest extends APIError {
  override name = 'InvalidRequest';
}

/** 401: no key, or one that is unknown, expired or revoked. */
export class AuthenticationError extends APIError {
  override name = 'AuthenticationError';
}

/** 403: the key may see this, but not do that. */
export class PermissionDenied extends APIError {
  override name = 'PermissionDenied';
}

/** 404: it does not exist, or the key may not see it. */
export class NotFound extends APIError {
  override name = 'NotFound';
}

/** 409: lost to another request. */
export class Conflict extends APIError {
  override name = 'Conflict';
}

/** 413: the model or the request is larger than the server takes. */
export class PayloadTooLarge extends APIError {
  override name = 'PayloadTooLarge';
}

/** 415: the bytes are neither JSON nor safetensors. */
export class UnsupportedMediaType extends APIError {
  override name = 'UnsupportedMediaType';
}

/** 422: a model that does not fit (`invalid_model`, with a JSON pointer in `errors`), or an idempotency key used for two requests. */
export class Unprocessable extends APIError {
  override name = 'Unprocessable';
}

/** 429: too many requests; `retryAfterMs` says when to come back. */
export class RateLimited extends APIError {
  override name = 'RateLimited';
}

/** 5xx: the server's fault, or that of something in front of it. */
export class ServerError extends APIError {
  override name = 'ServerError';
}

/** No whole answer came: refused, reset, cut off, or not found by name. `cause` has the reason. */
export class ConnectionError extends VergeAIError {
  override name = 'ConnectionError';
}

/** Nothing moved for `timeoutMs`, or what was waited for did not happen in time. */
export class TimeoutError extends VergeAIError {
  override name = 'TimeoutError';
}

/** The bytes that arrived are not the model that was sent. */
export class IntegrityError extends VergeAIError {
  override name = 'IntegrityError';
}
