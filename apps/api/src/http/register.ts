import { contract, operations, type Operation } from '@vergeai/contract';
import type { AppRouter } from '@ts-rest/core';
import { createExpressEndpoints } from '@ts-rest/express';
import type { Context } from '../context.js';
import { invalidRequest } from './answer/invalid-request.js';
import type { Outlet } from './answer/outlet.js';
import type { BodyRoom } from './body/body-room.js';
import { jsonBody } from './body/json-body.js';
import { modelBody } from './body/model-body.js';
import { noteIdempotencyKey } from './edge/idempotency-key.js';
import type { WaysIn } from './edge/authenticate.js';
import { named } from './edge/request-state.js';
import type { RouteTable } from './edge/route-table.js';
import { follow } from './follow.js';
import { behind, type AnyHandler, type AnyStream, type Implementation } from './implement.js';
import { respond } from './respond.js';

/** What every operation is put behind. */
export interface Shared {
  readonly waysIn: WaysIn;
  readonly bodies: BodyRoom;
  readonly outlet: Outlet;
  readonly stopping: AbortSignal;
}

/** The part of the contract that is implemented: what is registered, and what /openapi.json tells of. */
export const implementedContract = (implementations: readonly Implementation[]): AppRouter =>
  Object.fromEntries(implementations.map(({ resource }) => [resource, contract[resource]]));

/** Puts every operation into the table, behind the key check, validation and its access policy, in that order. */
export function registerOperations(table: RouteTable, ctx: Context, implementations: readonly Implementation[], shared: Shared): void {
  for (const implementation of implementations) {
    const { resource } = implementation;
    for (const operation of operations(contract[resource])) {
      registerOperation(table, ctx, { ...operation, name: `${resource}.${operation.name}` }, behind(implementation, operation.name), shared);
    }
  }
}

function registerOperation(
  table: RouteTable,
  ctx: Context,
  operation: Operation,
  { handler, stream }: { readonly handler: AnyHandler; readonly stream: AnyStream | undefined },
  { waysIn, bodies, outlet, stopping }: Shared,
): void {
  const { name, route, metadata } = operation;
  const beginsSession = metadata.access.who === 'sign_in';
  createExpressEndpoints({ operation: route }, { operation: respond(ctx, operation, handler, { outlet, stopping }) }, table.routerFor(route.method, route.path), {
    logInitialization: false,
    // `respond` does it: an answer that grows is held to the contract piece by piece.
    responseValidation: false,
    globalMiddleware: [
      named(name),
      beginsSession ? waysIn.signIn : waysIn.usual,
      ...(stream ? [follow(ctx, operation, stream, { outlet, stopping })] : []),
      ...(route.method === 'POST' && !metadata.setsCookie ? [noteIdempotencyKey] : []),
      ...(route.method === 'POST' ? (metadata.carriesModel ? [modelBody(ctx, bodies)] : [bodies.admit, jsonBody]) : []),
      ...(beginsSession ? [waysIn.byCode] : []),
    ],
    requestValidationErrorHandler: (error) => {
      throw invalidRequest(error);
    },
  });
}
