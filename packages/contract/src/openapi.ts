import type { AppRoute, AppRouter } from '@ts-rest/core';
import { z } from 'zod';
import { operations, type Operation } from './operations.js';
import { problem } from './problem.js';
import { shapeOf } from './shapes.js';
import { transferRoutes, type TransferRoute } from './transfer.js';

export interface OpenApiInfo {
  readonly version: string;
  readonly serverUrl: string;
}

type Json = Record<string, unknown>;

function parameters(route: AppRoute): Json[] {
  return (['path', 'query'] as const).flatMap((where) => {
    const schema = where === 'path' ? route.pathParams : route.query;
    if (!(schema instanceof z.ZodType)) return [];
    const { properties = {}, required = [] } = shapeOf(schema, 'input') as { properties?: Json; required?: string[] };
    return Object.entries(properties).map(([name, property]) => ({
      name,
      in: where,
      required: required.includes(name),
      schema: property,
    }));
  });
}

function responses({ route, metadata }: Operation): Json {
  const mediaType = metadata.streams === 'only' ? 'text/event-stream' : 'application/json';
  const successes = Object.entries(route.responses)
    .filter(([status]) => Number(status) < 300)
    .map(([status, body]): [string, Json] => [
      status,
      body instanceof z.ZodType
        ? { description: 'Success', content: { [mediaType]: { schema: shapeOf(body, 'output') } } }
        : { description: 'Success, without a body' },
    ]);
  return { ...Object.fromEntries(successes), default: { $ref: '#/components/responses/Problem' } };
}

const key = { key: [] };
const session = { session: [], sessionHeader: [] };

/** Each of these is enough by itself. */
function security({ access }: Operation['metadata']): Json[] {
  switch (access.who) {
    case 'public':
    case 'ticket':
      return [];
    case 'session':
      return [session];
    case 'sign_in':
      return [key, {}];
    case 'device':
      return [key];
    default:
      return [key, session];
  }
}

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  schema: { type: 'string', maxLength: 255 },
  description: 'The same key with the same request gets the stored answer for 24 hours.',
};

function operationObject(operation: Operation): Json {
  const { name, route, metadata } = operation;
  const body = 'body' in route && route.body instanceof z.ZodType ? route.body : undefined;
  return {
    operationId: name,
    tags: [name.split('.')[0]],
    summary: route.summary,
    ...(route.description ? { description: route.description } : {}),
    parameters: [...parameters(route), ...(route.method === 'POST' && !metadata.setsCookie ? [idempotencyKey] : [])],
    ...(body
      ? {
          requestBody: {
            required: !body.safeParse(undefined).success,
            content: { 'application/json': { schema: shapeOf(body, 'input') } },
          },
        }
      : {}),
    responses: responses(operation),
    security: security(metadata),
    'x-printed-status': metadata.statusCode,
  };
}

const bytes = { schema: { type: 'string', format: 'binary' } };

function transferObject(name: string, route: TransferRoute): Json {
  const queryParameters = route.method === 'POST' ? [] : route.method === 'PUT' ? ['key', 'ticket'] : ['ticket'];
  return {
    operationId: `transfer.${name}`,
    tags: ['transfer'],
    summary: route.summary,
    description: route.description,
    parameters: queryParameters.map((parameter) => ({ name: parameter, in: 'query', required: true, schema: { type: 'string' } })),
    ...(route.method === 'POST' && {
      requestBody: {
        required: true,
        content: {
          'multipart/form-data': {
            schema: {
              type: 'object',
              properties: { key: { type: 'string' }, ticket: { type: 'string' }, file: { type: 'string', format: 'binary' } },
              required: ['key', 'ticket', 'file'],
            },
          },
        },
      },
    }),
    ...(route.method === 'PUT' && { requestBody: { required: true, content: { 'application/octet-stream': bytes } } }),
    responses: {
      ...(route.method === 'GET'
        ? { 200: { description: 'The model', content: { 'application/octet-stream': bytes, 'application/json': {} } } }
        : { 204: { description: 'Registered' } }),
      default: { $ref: '#/components/responses/Problem' },
    },
    security: [],
  };
}

/** The OpenAPI 3.1 description of `router` (what a server has registered) and of the byte transfers. */
export function openApiDocument(router: AppRouter, info: OpenApiInfo): Json {
  const paths: Record<string, Json> = {};
  const add = (path: string, method: string, entry: Json) => {
    (paths[path.replace(/:(\w+)/g, '{$1}')] ??= {})[method.toLowerCase()] = entry;
  };
  for (const operation of operations(router)) add(operation.route.path, operation.route.method, operationObject(operation));
  for (const [name, route] of Object.entries(transferRoutes)) add(route.path, route.method, transferObject(name, route));
  return {
    openapi: '3.1.0',
    info: {
      title: 'Experiments API',
      version: info.version,
      description:
        'Train models through an API: an experiment is one model + hyperparameters configuration and a series of jobs that train it.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: info.serverUrl }],
    paths,
    components: {
      securitySchemes: {
        key: {
          type: 'apiKey',
          in: 'header',
          name: 'Authorization',
          description: 'The key as it is, or `Bearer <key>`.',
        },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: '__Host-verge',
          description: 'What auth.create_session gives a browser, for pages of this server itself. An `Authorization` header goes before it.',
        },
        sessionHeader: { type: 'apiKey', in: 'header', name: 'X-Verge-Session', description: '`1`, with the cookie of a session and only with it.' },
      },
      responses: {
        Problem: {
          description: 'RFC 9457 problem details',
          content: { 'application/problem+json': { schema: shapeOf(problem, 'output') } },
        },
      },
    },
  };
}
