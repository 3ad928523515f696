import { JsonText, type UploadTicket } from '@vergeai/contract';
import { limitsOf } from '../call-options.js';
import type { Call, Input, PlainAnswer } from '../call.js';
import type { Context } from '../context.js';
import { jsonWithin } from './json-chunks.js';
import { isDictionary, modelSource, type ModelInput } from './model-source.js';
import { putModel } from './put-model.js';
import type { UploadOptions } from './upload-options.js';

const LARGEST_INLINE_BYTES = 4 * 1024 * 1024;

/**
 * The method of a route that takes a model. A small dictionary travels inside the request; everything else
 * by an upload ticket, as a stream. Without a model the caller gets the ticket.
 */
export function submitModel(call: Call, { settings }: Context) {
  return async (input: Input = {}, options: UploadOptions = {}): Promise<PlainAnswer> => {
    const { model, ...rest } = input as Input & { readonly model?: ModelInput };
    if (model === undefined) return call(rest, options);
    const json = isDictionary(model) ? jsonWithin(model, LARGEST_INLINE_BYTES) : undefined;
    if (json !== undefined) return call({ ...rest, model: new JsonText(json) }, options);

    const source = await modelSource(model, options.size);
    const { statusCode, body } = await call(rest, options);
    await putModel(body as UploadTicket, source, options, limitsOf(options, settings), settings.fetch);
    return { statusCode, body: {} };
  };
}
