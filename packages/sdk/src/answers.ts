import type { ModelDownload } from './download/model-download.js';
import type { DownloadLink } from './generated/types.js';

/** What a call returns: the status that the reference prints, and the body. */
export interface Answer<Status, Body> {
  /** The status that the reference prints; on the wire it may be another one. */
  readonly statusCode: Status;
  /** What was answered. */
  readonly body: Body;
}

/** A body with nothing in it. */
export type Empty = Record<string, never>;

/** In the place of a body that is not there: its keys are known to be absent. */
export type Nothing<Body> = { readonly [Key in keyof Body]?: never };

/** One page of a list, newest first. */
export interface Page<Entry> {
  /** The entries of this page. */
  data: Entry[];
  /** What `cursor` takes to get the next page; null on the last one. */
  next_cursor: string | null;
}

/** One page when awaited; every entry, page after page, in a `for await`. */
export interface PagePromise<Entry, Body = Page<Entry>, Status = 200> extends Promise<Answer<Status, Body>>, AsyncIterable<Entry> {}

/** The signed link when awaited; the model itself by one of the methods. */
export interface LinkPromise<Status = 200> extends Promise<Answer<Status, DownloadLink>>, ModelDownload {}

/** The same input without a model: the answer is an upload ticket. */
export type WithoutModel<Input> = { [Name in keyof Input as Name extends 'model' ? never : Name]: Input[Name] } & { model?: undefined };
