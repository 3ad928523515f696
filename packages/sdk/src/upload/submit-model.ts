import { limitsOf } from '../call-options.js';
import type { Call, Input, PlainAnswer } from '../call.js';
import type { Context } from '../context.js';
import type { UploadTicket } from '../generated/types.js';
import { inlineModel } from './inline-model.js';
import { modelSource, type ModelInput } from './model-source.js';
import { putModel } from './put-model.js';
import { ticketUrl, ticketUrlWithReport } from './ticket-url.js';
import type { UploadOptions } from './upload-options.js';

/**
 * The method of a route that takes a model. A small dictionary travels inside the request; everything else
 * by an upload ticket, as a stream: by the one that came with the job, if the caller has it, or else by one that is asked for.
 * Without a model the caller gets the ticket. `status` is what its answers print.
 */
export function submitModel(call: Call, { settings }: Context, status: number) {
  return async (input: Input = {}, options: UploadOptions = {}): Promise<PlainAnswer> => {
    const request = inlineModel(input);
    if (input['model'] === undefined || 'model' in request) return call(request, options);

    const source = await modelSource(input['model'] as ModelInput, options.size);
    const url = ticketUrlWithReport(options.upload, request) ?? ticketUrl(((await call(request, options)).body as UploadTicket).model_url);
    await putModel(url, source, options, limitsOf(options, settings), settings.fetch);
    return { statusCode: status, body: {} };
  };
}
