import { isAppRoute, type AppRoute, type AppRouter } from '@ts-rest/core';
import { z } from 'zod';
import type { OperationMetadata } from './access.js';
import { downloadLink } from './model.js';
import { pagingOf } from './page.js';

/** All that a client needs to know of an operation to call it, as plain data. */
export interface RouteRow {
  readonly method: 'GET' | 'POST';
  /** With `:name` where a parameter goes. */
  readonly path: string;
  /** The names of the query's parameters. */
  readonly query?: readonly string[];
  /** What client libraries print beside the body. */
  readonly status: number;
  /**
   * The query parameter that goes on with a list: the answer's `next_<paging>` is what it takes. Where there are several, separated
   * by spaces, the one whose `next_…` is not null.
   */
  readonly paging?: string;
  /** It answers with a signed link to a model and nothing else. */
  readonly link?: true;
  /** It takes a model, inline or by upload ticket. */
  readonly carriesModel?: true;
  /** With `Accept: text/event-stream` the answer is told as it grows; `only`: there is no other answer. */
  readonly streams?: true | 'only';
}

/** The operations of each resource of `router`, in the order they were written. */
export const routeTable = (router: AppRouter): Record<string, Record<string, RouteRow>> =>
  Object.fromEntries(Object.entries(router).map(([resource, routes]) => [resource, rowsOf(routes as AppRouter)]));

const rowsOf = (routes: AppRouter) =>
  Object.fromEntries(Object.entries(routes).flatMap(([name, route]): [string, RouteRow][] => (isAppRoute(route) ? [[name, rowOf(route)]] : [])));

function rowOf(route: AppRoute): RouteRow {
  const { statusCode, carriesModel, streams } = route.metadata as OperationMetadata;
  const query = route.query instanceof z.ZodObject ? Object.keys(route.query.shape) : [];
  const answer: unknown = route.responses[200];
  const paging = pagingOf(answer);
  return {
    method: route.method as RouteRow['method'],
    path: route.path,
    ...(query.length > 0 && { query }),
    status: statusCode,
    ...(paging !== undefined && { paging }),
    ...(answer === downloadLink && { link: true }),
    ...(carriesModel && { carriesModel }),
    ...(streams && { streams }),
  };
}
