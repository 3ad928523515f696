import type { Contract } from '@vergeai/contract';
import type { AppRoute, AppRouter, ServerInferRequest, ServerInferResponses } from '@ts-rest/core';
import type { Actor, Call, DeviceActor, UserActor } from '../access/actor.js';
import type { Context } from '../context.js';
import type { StagedUpload } from '../storage/blob-store.js';

type NoContent<R extends AppRoute> = 204 extends keyof R['responses'] ? undefined : never;

/** What an operation answers with: the contract's 200 body, or nothing where the contract has a 204. */
export type Answer<R extends AppRoute> = ServerInferResponses<R, 200>['body'] | NoContent<R>;

export interface Arrived {
  /** The model that came inline, if any. */
  readonly model?: StagedUpload;
  /** Aborts when the client has gone or the server is stopping: nobody waits for the answer any more. */
  readonly gone: AbortSignal;
}

export type Input<R extends AppRoute> = ServerInferRequest<R> & Arrived;

/** Runs after the caller has been let in; unpacks and calls a use case. */
export type Handler<R extends AppRoute> = (ctx: Context, call: Call, input: Input<R>) => Promise<Answer<R> | void>;

export type Handlers<C extends AppRouter> = { readonly [K in keyof C]?: C[K] extends AppRoute ? Handler<C[K]> : never };

/** A resource of the contract with what stands behind its operations. An operation left out is not exposed. */
export interface Implementation {
  readonly resource: keyof Contract;
  readonly handlers: Readonly<Record<string, unknown>>;
}

/** Ties handlers to a resource of the contract: the compiler holds both sides to one schema. */
export const implement = <const R extends keyof Contract>(resource: R, handlers: Handlers<Contract[R]>): Implementation => ({ resource, handlers });

/** The parts of a request as its route's schemas have let them through. */
export interface Validated {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

export type AnyHandler = (ctx: Context, call: Call, input: Validated & Arrived) => Promise<unknown>;

/**
 * What stands behind an operation of the resource. Among all operations no type says any more which input goes with which
 * handler: `implement` has held the handler to its route, and the route's schemas hold each request to it.
 */
export const handlerOf = ({ handlers }: Implementation, name: string) => handlers[name] as AnyHandler | undefined;

/** For operations whose policy lets in user keys only. */
export function byUser(call: Call<Actor>): Call<UserActor> {
  const { actor } = call;
  if (actor.kind !== 'user') throw new Error('the access policy of this operation lets in device keys');
  return { ...call, actor };
}

/** For operations whose policy lets in device keys only. */
export function byDevice(call: Call<Actor>): Call<DeviceActor> {
  const { actor } = call;
  if (actor.kind !== 'device') throw new Error('the access policy of this operation lets in user keys');
  return { ...call, actor };
}
