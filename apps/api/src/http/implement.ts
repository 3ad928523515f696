import type { Contract } from '@vergeai/contract';
import type { AppRoute, AppRouter, ServerInferRequest, ServerInferResponses } from '@ts-rest/core';
import type { Actor, Call, DeviceActor, UserActor } from '../access/actor.js';
import type { Context } from '../context.js';
import type { StagedUpload } from '../storage/blob-store.js';
import type { ChangeStream } from './answer/change-stream.js';
import type { FollowedLog } from './answer/event-stream.js';
import type { Growing } from './answer/growing.js';
import type { Browser } from './edge/browser.js';

type NoContent<R extends AppRoute> = 204 extends keyof R['responses'] ? undefined : never;

/** What an operation answers with: the contract's 200 body, or nothing where the contract has a 204. */
export type Answer<R extends AppRoute> = ServerInferResponses<R, 200>['body'] | NoContent<R>;

export interface Arrived {
  /** The model that came inline, if any. */
  readonly model?: StagedUpload;
  /** Aborts when the client has gone or the server is stopping: nobody waits for the answer any more. */
  readonly gone: AbortSignal;
  /**
   * Waits until there is room for an answer that is made whole and may be large, of about so many bytes: before anything
   * is done. Throws a Refusal `busy`.
   */
  readonly room: (bytes: number) => Promise<void>;
  /** For operations that set its cookie. */
  readonly browser: Browser;
}

export type Input<R extends AppRoute> = ServerInferRequest<R> & Arrived;

/** Runs after the caller has been let in; unpacks and calls a use case. */
export type Handler<R extends AppRoute> = (ctx: Context, call: Call, input: Input<R>) => Promise<Growing<Answer<R>> | void>;

/** An operation left out does not compile. */
export type Handlers<C extends AppRouter> = { readonly [K in keyof C]: C[K] extends AppRoute ? Handler<C[K]> : never };

/** The log or the changes behind an operation's answer, for who asks to follow it; read after the caller has been let in. */
export type Stream<R extends AppRoute> = (ctx: Context, input: ServerInferRequest<R>) => FollowedLog | ChangeStream;

export type Streams<C extends AppRouter> = { readonly [K in keyof C]?: C[K] extends AppRoute ? Stream<C[K]> : never };

/** A resource of the contract with what stands behind its operations. */
export interface Implementation<R extends keyof Contract = keyof Contract> {
  readonly resource: R;
  readonly handlers: Readonly<Record<string, unknown>>;
  readonly streams: Readonly<Record<string, unknown>>;
}

/**
 * Ties handlers to a resource of the contract, and streams to those of its operations whose answer grows: the compiler
 * holds both sides to one schema.
 */
export const implement = <const R extends keyof Contract>(
  resource: R,
  handlers: Handlers<Contract[R]>,
  streams: Streams<Contract[R]> = {},
): Implementation<R> => ({ resource, handlers, streams });

/** The parts of a request as its route's schemas have let them through. */
export interface Validated {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

export type AnyHandler = (ctx: Context, call: Call, input: Validated & Arrived) => Promise<unknown>;
export type AnyStream = (ctx: Context, input: Omit<Validated, 'body'>) => FollowedLog | ChangeStream;

/**
 * What stands behind an operation of the resource. Among all operations no type says any more which input goes with which
 * function: `implement` has held the function to its route, and the route's schemas hold each request to it.
 */
export function behind({ resource, handlers, streams }: Implementation, name: string) {
  // The compiler says so first. Should it ever be fooled, no server starts rather than one that answers 500.
  if (typeof handlers[name] !== 'function') throw new Error(`${resource}.${name} is in the contract and has no handler`);
  return { handler: handlers[name] as AnyHandler, stream: streams[name] as AnyStream | undefined };
}

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
