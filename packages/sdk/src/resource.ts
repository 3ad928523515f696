import type { CallOptions } from './call-options.js';
import type { Call, Input } from './call.js';
import type { Context } from './context.js';
import { modelDownload } from './download/model-download.js';
import { compose } from './operations/compose.js';
import { routeOf, type Route, type Rows } from './operations/route.js';
import { pageIteration } from './page.js';
import { submitModel } from './upload/submit-model.js';

export type Methods = Readonly<Record<string, Method>>;
type Method = (input?: Input, options?: CallOptions) => Promise<unknown>;

/** The methods of a resource, made from its part of the table alone. */
export const resource = (resourceName: string, rows: Rows, context: Context): Methods =>
  Object.fromEntries(
    Object.entries(rows).map(([name, row]) => {
      const route = routeOf(resourceName, name, row);
      return [name, method(route, plainCall(route, context), context)];
    }),
  );

/** The call itself: one flat input becomes a request; the answer gets its printed status. */
function plainCall(route: Route, { settings, request }: Context): Call {
  return async (input, options) => ({ statusCode: route.status, body: (await request(compose(settings.baseUrl, route, input), options, input['wait'])) ?? {} });
}

/** What the method does beyond the call, as its route says. */
function method({ carriesModel, paging, link, status }: Route, call: Call, context: Context): Method {
  if (carriesModel) return submitModel(call, context, status);
  if (paging) {
    return (input = {}, options = {}) => {
      const first = call(input, options);
      return Object.assign(first, pageIteration(first, paging, (from) => call({ ...input, ...from }, options)));
    };
  }
  if (link) {
    return (input = {}, options = {}) => {
      const answer = call(input, options);
      const url = async () => ((await answer).body as { model_url: string }).model_url;
      return Object.assign(answer, modelDownload(url, options, context));
    };
  }
  return (input = {}, options = {}) => call(input, options);
}
