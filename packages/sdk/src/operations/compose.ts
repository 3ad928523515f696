import type { Input } from '../call.js';
import { VergeAIError } from '../errors.js';
import { jsonPieces } from '../write-json.js';
import type { Route } from './route.js';

/** What goes over the wire, without what the client adds to every request. */
export interface PlainRequest {
  readonly method: Route['method'];
  readonly url: string;
  /** The body as JSON text. */
  readonly json?: string;
}

/** One flat input becomes path, query and body. @throws VergeAIError for what can't stand where it should. */
export function compose(baseUrl: string, { method, path, params }: Route, input: Input): PlainRequest {
  const url = baseUrl + path.replace(/:(\w+)/g, (_, name: string) => pathPart(name, input[name]));
  const rest = Object.entries(input).filter(([name]) => !params.includes(name));
  if (method === 'GET') return { method, url: url + queryText(rest) };
  return { method, url, ...(rest.length > 0 && { json: [...jsonPieces(Object.fromEntries(rest))].join('') }) };
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
      .map((entry) => `${encodeURIComponent(name)}=${encodeURIComponent(entry instanceof Date ? entry.toISOString() : (entry as string))}`),
  );
  return pairs.length > 0 ? `?${pairs.join('&')}` : '';
}
