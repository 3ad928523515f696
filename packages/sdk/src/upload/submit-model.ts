import { limitsOf } from '../call-options.js';
import type { Call, Input, PlainAnswer } from '../call.js';
import type { Context } from '../context.js';
import type { UploadTicket } from '../generated/types.js';
import { inlineModel } from './inline-model.js';
import { modelSource, type ModelInput } from './model-source.js';
import { putModel } from './put-model.js';
import type { UploadOptions } from './upload-options.js';

/**
 * The method of a route that takes a model. A small dictionary travels inside the request; everything else
 * by an upload ticket, as a stream. Without a model the caller gets the ticket.
 */
export function submitModel(call: Call, { settings }: Context) {
  return async (input: Input = {}, options: UploadOptions = {}): Promise<PlainAnswer> => {
    const request = inlineModel(input);
    if (input['model'] === undefined || 'model' in request) return call(request, options);

    const source = await modelSource(input['model'] as ModelInput, options.size);
    const { statusCode, body } = await call(request, options);
    await putModel(body as UploadTicket, source, options, limitsOf(options, settings), settings.fetch);
    return { statusCode, body: {} };
  };
}
