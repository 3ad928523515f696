import type { DescribedRequest, Route } from '@vergeai/sdk';
import type { ModelFile } from '../model-file.js';
import type { Plain } from '../plain.js';

/** All that there is to know of a request to write it in a language. */
export interface Snippet {
  /** Such as `experiment.create`. */
  readonly operation: string;
  readonly route: Route;
  readonly baseUrl: string;
  /** The members that are given, but for a model that is a file. */
  readonly input: Readonly<Record<string, Plain>>;
  readonly file: ModelFile | undefined;
  /** What goes over the wire, without a model that is a file. */
  readonly request: DescribedRequest;
}

/** Writes a request in a language. The key is not in it, but the name of the environment variable that holds it. */
export type Writer = (snippet: Snippet) => string;
