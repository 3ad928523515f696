import { operations, type Operation } from '@vergeai/contract';
import type { AppRoute, AppRouter } from '@ts-rest/core';
import { createExpressEndpoints, type RequestValidationError } from '@ts-rest/express';
import type { Express, Request, RequestHandler, Response } from 'express';
import type { Call } from '../access/actor.js';
import type { Context } from '../context.js';
import { findActorByKeyId } from '../access/find-actor.js';
import { Refusal, type Fault } from '../refusal.js';
import type { StagedUpload } from '../storage/blob-store.js';
import { authorise } from '../access/authorise.js';
import { baseUrl } from './edge/base-url.js';
import { atMostOnce, idempotentRequest, noteIdempotencyKey } from './idempotency.js';
import type { Implementation } from './implement.js';
import { useLightJson } from './answer/json-answer.js';
import { modelBody } from './body/model-body.js';
import { jsonBody } from './body/json-body.js';
import { requestState } from './edge/request-state.js';

interface Validated {
  readonly params: Record<string, string>;
  readonly query: unknown;
  readonly body: Record<string, unknown> | undefined;
  readonly req: Request;
  readonly res: Response;
}

type AnyHandler = (ctx: Context, call: Call, input: Omit<Validated, 'req' | 'res'> & { model?: StagedUpload; gone: AbortSignal }) => Promise<unknown>;

/** What every operation is put behind. */
export interface Shared {
  readonly authenticated: RequestHandler;
  readonly stopping: AbortSignal;
}

/** The part of the contract that has handlers: what is registered, and what /openapi.json tells of. */
export function implementedContract(implementations: readonly Implementation[]): AppRouter {
  const entries = implementations.map(({ contract, handlers }) =>
    Object.fromEntries(Object.entries(contract).filter(([name]) => handlers[name])),
  );
  return Object.assign({}, ...entries.map((routes) => ({ [resourceOf(routes)]: routes }))) as AppRouter;
}

/** The resource's name as it stands in its paths: `/v1/experiment/create` → `experiment`. */
const resourceOf = (routes: AppRouter) => (Object.values(routes)[0] as AppRoute).path.split('/')[2]!;

/** Puts every implemented operation on the app, behind the key check, validation and its access policy, in that order. */
export function registerOperations(app: Express, ctx: Context, implementations: readonly Implementation[], shared: Shared): void {
  useLightJson(app);
  for (const { contract, handlers } of implementations) {
    for (const operation of operations(contract)) {
      const handler = handlers[operation.name] as AnyHandler | undefined;
      if (handler) registerOperation(app, ctx, operation, handler, shared);
    }
  }
}

function registerOperation(app: Express, ctx: Context, { name, route, metadata }: Operation, handler: AnyHandler, { authenticated, stopping }: Shared): void {
  const operationName = `${route.path.split('/')[2]}.${name}`;
  const named: RequestHandler = (req, _res, next) => {
    requestState(req).operation = operationName;
    next();
  };
  const body = route.method === 'POST' ? [noteIdempotencyKey, metadata.carriesModel ? modelBody(ctx) : jsonBody] : [];
  const respond = async (validated: Validated) => {
    const { req, res, params, query } = validated;
    const state = requestState(req);
    const { actor, requestId, model } = state;
    if (!actor) throw new Error(`${operationName} was reached without a key`);
    const request = idempotentRequest(req);
    const call: Call = { actor, requestId, baseUrl: baseUrl(ctx, req), ...(request && { idempotency: request }) };
    // From here on it is not for the end of the connection to remove it: it is being worked on.
    delete state.model;
    try {
      // A stored answer comes before the policy: who deleted a project and asks again, not having heard the answer, may
      // not see the project any more. The answer is the caller's own.
      const answer = await atMostOnce(ctx, actor, request, async () => {
        // A model may take minutes to arrive: whether its key still counts is asked again, as it is for tickets.
        if (model && !(await findActorByKeyId(ctx, actor.keyId))) throw new Refusal('key_invalid');
        await authorise(ctx, metadata.access, actor, { ...validated.body, ...params });
        return handler(ctx, call, {
          params,
          query,
          body: validated.body,
          ...(model && { model }),
          get gone() {
            return whenGone(res, stopping);
          },
        });
      });
      return answer === undefined ? { status: 204, body: undefined } : { status: 200, body: answer };
    } finally {
      await model?.discard();
    }
  };
  createExpressEndpoints({ operation: route }, { operation: respond } as never, app, {
    logInitialization: false,
    responseValidation: true,
    globalMiddleware: [named, authenticated, ...body] as never,
    requestValidationErrorHandler: (error) => {
      throw invalidRequest(error);
    },
  });
}

/**
 * Made only where somebody looks: most answers are there before their client could go. By hand, because every
 * AbortSignal.any leaves something behind in the signals it was made of, and `stopping` lives as long as the process.
 */
function whenGone(res: Response, stopping: AbortSignal): AbortSignal {
  const gone = new AbortController();
  const end = () => {
    stopping.removeEventListener('abort', end);
    gone.abort();
  };
  res.once('close', end);
  if (stopping.aborted || res.closed) end();
  else stopping.addEventListener('abort', end);
  return gone.signal;
}

/** All parts that failed, not just the first. */
function invalidRequest({ pathParams, query, headers, body }: RequestValidationError): Refusal {
  const faults = Object.entries({ path: pathParams, query, headers, body }).flatMap(([part, error]): Fault[] =>
    (error ? issuesOf(error) : []).map(({ path, message }) => ({ path: pointer([part, ...path]), message })),
  );
  const first = faults[0];
  return new Refusal('invalid_request', first && `${first.path} ${first.message}.${faults.length > 1 ? ` ${faults.length} parts are wrong.` : ''}`, {
    errors: faults,
  });
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

const issuesOf = (error: unknown) => (error as { issues?: readonly Issue[] }).issues ?? [{ path: [], message: String(error) }];

/** RFC 6901. */
const pointer = (path: readonly PropertyKey[]) =>
  path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
