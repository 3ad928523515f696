import type { CallOptions } from './call-options.js';

/** The parts of a request as one flat object, before they become path, query and body. */
export type Input = Readonly<Record<string, unknown>>;

/** What a call returns, when its route is not known. */
export type PlainAnswer = { readonly statusCode: number; readonly body: unknown };

/** One request of one route. */
export type Call = (input: Input, options: CallOptions) => Promise<PlainAnswer>;
