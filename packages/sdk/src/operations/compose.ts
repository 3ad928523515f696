import type { Input } from '../call.js';
import { VergeAIError } from '../errors.js';
import { requestText } from '../request-text.js';
import type { Route } from './route.js';

/** What goes over the wire, without what the client adds to every request. */
export interface PlainRequest {
  readonly method: Route['method'];
  readonly url: string;
  /** The body as JSON text. */
  readonly json?: string;
}

/** One flat input becomes path, query and body. @throws VergeAIError for what can't stand where it should. */
export function compose(baseUrl: string, { method, path }: Route, input: Input): PlainRequest {
  const inPath = new Set<string>();
  const filled = path.replace(/:(\w+)/g, (_, name: string) => {
    inPath.add(name);
    return pathPart(name, input[name]);
  });
  const rest = Object.entries(input).filter(([name]) => !inPath.has(name));
  const url = baseUrl + filled;
  if (method === 'GET') return { method, url: url + queryText(rest) };
  return rest.length > 0 ? { method, url, json: requestText(Object.fromEntries(rest)) } : { method, url };
}

/** URLs can't hold an empty part, and drop "." and ".." even when they are escaped. */
function pathPart(name: string, value: unknown): string {
  const part = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  if (/^\.{0,2}$/.test(part)) throw new VergeAIError(`\`${name}\` is part of the path and must be an id.`);
  return encodeURIComponent(part);
}

/** A list is its entries, one after the other under one name; what is undefined is left out. */
function queryText(parameters: readonly (readonly [string, unknown])[]): string {
  const pairs = parameters.flatMap(([name, value]) =>
    [value]
      .flat()
      .filter((entry) => entry !== undefined)
      .map((entry) => `${encodeURIComponent(name)}=${encodeURIComponent(queryValue(name, entry))}`),
  );
  return pairs.length > 0 ? `?${pairs.join('&')}` : '';
}

function queryValue(name: string, value: unknown): string {
  if (value === null) return '';
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  throw new VergeAIError(`\`${name}\` is part of the query and must be a text or a number.`);
}
