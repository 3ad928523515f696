import type { Input } from '../call.js';
import { inlineModel } from '../upload/inline-model.js';
import { compose } from './compose.js';
import type { InputOf, OperationName } from './operation-name.js';
import { requireOperation } from './operations.js';

/** A request as it would be sent, for people to see, copy and learn from. */
export interface DescribedRequest {
  /** GET or POST. */
  readonly method: 'GET' | 'POST';
  /** Whole, with path and query. */
  readonly url: string;
  /** Without the key: `authorization` names the environment variable that holds it. */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON text; undefined when there is no body. */
  readonly body: string | undefined;
}

/** What a description depends on beyond the input. */
export interface DescribeOptions {
  /** Where the API is. Default: http://localhost:3000. */
  readonly baseUrl?: string | undefined;
}

/** Stands where the key goes. */
const KEY = '$VERGEAI_API_KEY';

/**
 * The request that an operation makes of `input`, without sending it. It never holds a key. A model that would not
 * travel inside the request is left out: what is described then asks for its upload ticket.
 * @throws VergeAIError for an operation that there is not, and for what the call itself would refuse.
 * @example describe('experiment.get', { project_id, experiment_id }).url
 */
export function describe<Name extends OperationName>(operation: Name, input: InputOf<Name>, { baseUrl = 'http://localhost:3000' }: DescribeOptions = {}): DescribedRequest {
  const route = requireOperation(operation);
  const sent = (input ?? {}) as Input;
  const { method, url, json } = compose(baseUrl.replace(/\/+$/, ''), route, route.carriesModel ? inlineModel(sent) : sent);
  return {
    method,
    url,
    headers: { accept: 'application/json', ...(json !== undefined && { 'content-type': 'application/json' }), authorization: `Bearer ${KEY}` },
    body: json,
  };
}
