import { initClient, isAppRoute, type AppRoute, type AppRouter } from '@ts-rest/core';
import type { OperationMetadata } from '@vergeai/contract';
import type { CallOptions } from './call-options.js';
import type { Call, Input } from './call.js';
import type { Context } from './context.js';
import { modelDownload } from './download/model-download.js';
import { VergeAIError } from './errors.js';
import type { Resource } from './method-types.js';
import { pageIteration, pageParameter } from './page.js';
import type { ApiRequest } from './request.js';
import { requestText } from './request-text.js';
import { isLink } from './response-shape.js';
import { submitModel } from './upload/submit-model.js';

type RouteClient = (parts: {
  params: Record<string, string>;
  query?: unknown;
  json?: string;
  call: CallOptions;
}) => Promise<{ body: unknown }>;

/** The methods for `routes`, made from the contract alone: a route added there is a method here. */
export function resource<Routes extends AppRouter>(routes: Routes, context: Context): Resource<Routes> {
  const clients = initClient(routes, {
    baseUrl: context.baseUrl,
    api: (request) => context.request(request as unknown as ApiRequest),
  }) as unknown as Record<string, RouteClient>;
  const methods = Object.entries(routes)
    .filter((entry): entry is [string, AppRoute] => isAppRoute(entry[1]))
    .map(([name, route]) => [name, method(route, plainCall(route, clients[name]!), context)]);
  return Object.fromEntries(methods) as Resource<Routes>;
}

const metadataOf = (route: AppRoute) => route.metadata as OperationMetadata;

/** The call itself: one flat input becomes path, query and body; the answer gets its printed status. */
function plainCall(route: AppRoute, client: RouteClient): Call {
  const { statusCode } = metadataOf(route);
  return async (input, options) => {
    const { body } = await client({ ...split(route, input), call: options });
    return { statusCode, body: body ?? {} };
  };
}

/** What the method does beyond the call, as the route's metadata and answer say. */
function method(route: AppRoute, call: Call, context: Context) {
  if (metadataOf(route).carriesModel) return submitModel(call, context);
  const parameter = pageParameter(route);
  if (parameter) {
    return (input: Input = {}, options: CallOptions = {}) => {
      const first = call(input, options);
      return Object.assign(first, pageIteration(first, parameter, (from) => call({ ...input, ...from }, options)));
    };
  }
  if (isLink(route)) {
    return (input: Input = {}, options: CallOptions = {}) => {
      const link = call(input, options);
      const url = async () => ((await link).body as { model_url: string }).model_url;
      return Object.assign(link, modelDownload(url, options, context));
    };
  }
  return (input: Input = {}, options: CallOptions = {}) => call(input, options);
}

function split(route: AppRoute, input: Input) {
  const names = Array.from(route.path.matchAll(/:(\w+)/g), (match) => match[1]!);
  const params = Object.fromEntries(names.map((name) => [name, pathPart(name, input[name])]));
  const rest = Object.fromEntries(Object.entries(input).filter(([name]) => !names.includes(name)));
  if (route.method === 'GET') return { params, query: rest };
  return Object.keys(rest).length > 0 ? { params, json: requestText(rest) } : { params };
}

/** URLs can't hold an empty part, and drop "." and ".." even when they are escaped. */
function pathPart(name: string, value: unknown): string {
  const part = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  if (/^\.{0,2}$/.test(part)) throw new VergeAIError(`\`${name}\` is part of the path and must be an id.`);
  return encodeURIComponent(part);
}
