import { transferRoutes } from '@vergeai/contract';
import type { Request, Response } from 'express';
import type { Context } from '../context.js';
import type { Outlet } from './answer/outlet.js';
import { named } from './edge/request-state.js';
import type { RouteTable } from './edge/route-table.js';

/** What stands behind each route that moves bytes. There is no key to check and no JSON to validate: it answers by itself. */
export type Transfers = { readonly [Name in keyof typeof transferRoutes]: (ctx: Context, req: Request, res: Response) => Promise<void> };

const verbs = { GET: 'get', POST: 'post', PUT: 'put' } as const;

/** Puts the routes that move bytes into the table. */
export function registerTransfers(table: RouteTable, ctx: Context, transfers: Transfers, outlet: Outlet): void {
  for (const name of Object.keys(transferRoutes) as (keyof Transfers)[]) {
    const { method, path } = transferRoutes[name];
    table.routerFor(method, path)[verbs[method]](path, named(`transfer.${name}`), outlet.watched, (req, res) => transfers[name](ctx, req, res));
  }
}
