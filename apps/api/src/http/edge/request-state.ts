import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import type { Actor } from '../../access/actor.js';
import type { StagedUpload } from '../../storage/blob-store.js';

/** What is learnt of a request on its way in; beside the request, so that Express's types stay as they are. */
export interface RequestState {
  readonly requestId: string;
  /** The contract's name of the operation, once it is known: for logs and metrics. */
  operation?: string;
  actor?: Actor;
  /** Part of the body was still to come when the key was looked at. */
  bodyCameLater?: boolean;
  idempotencyKey?: string;
  /** sha256 of the body's bytes, in hex. */
  bodyHash?: string;
  /** A model that came inline, waiting in a temporary file. */
  model?: StagedUpload;
  /** Why it was not answered with a success. */
  refusedWith?: string;
}

const states = new WeakMap<IncomingMessage, RequestState>();

export function openRequestState(req: IncomingMessage, requestId: string): RequestState {
  const state: RequestState = { requestId };
  states.set(req, state);
  return state;
}

/** The state of a request that has passed `openRequestState`. */
export function requestState(req: IncomingMessage): RequestState {
  return states.get(req) ?? openRequestState(req, 'none');
}

/** Who is asking, once `authenticate` has let them in. */
export function actorOf(req: IncomingMessage): Actor {
  const { actor, operation } = requestState(req);
  if (!actor) throw new Error(`${operation} was reached without a key`);
  return actor;
}

/** Says which operation of the contract a request is for. */
export const named = (operation: string): RequestHandler => (req, _res, next) => {
  requestState(req).operation = operation;
  next();
};
