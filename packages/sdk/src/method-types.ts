import type { AppRoute, AppRouter } from '@ts-rest/core';
import type { OperationMetadata, UploadTicket } from '@vergeai/contract';
import type { z } from 'zod';
import type { CallOptions } from './call-options.js';
import type { ModelDownload } from './download/model-download.js';
import type { ModelInput } from './upload/model-source.js';
import type { UploadOptions } from './upload/upload-options.js';

type Route = AppRoute & { readonly metadata: OperationMetadata };

type Flat<T> = { [K in keyof T]: T[K] } & {};

type InputOf<Schema> = Schema extends z.ZodType ? NonNullable<z.input<Schema>> : unknown;
type Part<R, Name extends string> = Name extends keyof R ? InputOf<R[Name]> : unknown;

/** Path parameters, query and body of a route as one flat object. */
export type Input<R extends Route> = Flat<Part<R, 'pathParams'> & Part<R, 'query'> & Part<R, 'body'>>;

type OutputOf<Schema> = Schema extends z.ZodType ? z.output<Schema> : never;
type FullBody<R extends Route> = R['responses'] extends { 200: infer Schema } ? OutputOf<Schema> : never;
type NothingOf<Body> = { readonly [K in keyof Body]?: never };

/** The body of a success; `{}`, with the keys known to be absent, where a route may answer without a body. */
type SuccessBody<R extends Route> = R['responses'] extends { 204: unknown } ? FullBody<R> | NothingOf<FullBody<R>> : FullBody<R>;

/** What a call returns: the status that the reference prints, and the body. */
export interface Answer<Status, Body> {
  readonly statusCode: Status;
  readonly body: Body;
}

type StatusOf<R extends Route> = R['metadata']['statusCode'];

/** One page when awaited; every entry, page after page, in a `for await`. */
export interface PagePromise<Page, Entry> extends Promise<Page>, AsyncIterable<Entry> {}

/** The signed link when awaited; the model itself by one of the methods. */
export interface LinkPromise<Link> extends Promise<Link>, ModelDownload {}

type RouteAnswer<R extends Route> = Answer<StatusOf<R>, SuccessBody<R>>;
type PageOf<Entry> = { data: Entry[] } & ({ next_cursor: unknown } | { next_after: unknown });
type IsLink<Body> = [Body, keyof Body] extends [{ model_url: string }, 'model_url'] ? true : false;

type Returned<R extends Route> =
  FullBody<R> extends PageOf<infer Entry>
    ? PagePromise<RouteAnswer<R>, Entry>
    : IsLink<FullBody<R>> extends true
      ? LinkPromise<RouteAnswer<R>>
      : Promise<RouteAnswer<R>>;

type PlainMethod<R extends Route> =
  {} extends Input<R>
    ? (input?: Input<R>, options?: CallOptions) => Returned<R>
    : (input: Input<R>, options?: CallOptions) => Returned<R>;

type WithoutModel<R extends Route> = Omit<Input<R>, 'model'>;

/** A route that takes a model: with one it uploads it, without one it returns an upload ticket. */
export interface ModelMethod<R extends Route> {
  (input: Flat<WithoutModel<R> & { model: ModelInput }>, options?: UploadOptions): Promise<Answer<StatusOf<R>, Record<string, never>>>;
  (input: Flat<WithoutModel<R> & { model?: undefined }>, options?: CallOptions): Promise<Answer<StatusOf<R>, UploadTicket>>;
}

type Method<R extends Route> = R['metadata'] extends { carriesModel: true } ? ModelMethod<R> : PlainMethod<R>;

/** The methods of one part of the contract; editors show each route's own documentation on them. */
export type Resource<Routes extends AppRouter> = {
  readonly [Name in keyof Routes]: Routes[Name] extends Route ? Method<Routes[Name]> : never;
};
