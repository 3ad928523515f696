import { contract, operations, transferRoutes } from '@vergeai/contract';
import type { AppRouter } from '@ts-rest/core';
import type { Express } from 'express';
import { createApp } from '../../src/app.js';
import type { TestApi } from '../support/api.js';

const nameOf = ({ method, path }: { method: string; path: string }) => `${method} ${path}`;

/** Every route the contract promises. */
export const promised: readonly string[] = [...operations(contract as unknown as AppRouter).map(({ route }) => nameOf(route)), ...Object.values(transferRoutes).map(nameOf)];

interface Layer {
  readonly route?: { readonly path: string; readonly methods: Record<string, boolean>; readonly stack: readonly unknown[] };
  readonly handle: { readonly stack?: readonly Layer[] };
}

/** Every route that really stands on the Express app, asked of its router: also one that went past the contract. */
export function standing(api: Pick<TestApi, 'ctx' | 'lastUsed'>): string[] {
  const app = createApp(api.ctx, { lastUsed: api.lastUsed, stopping: new AbortController().signal });
  return routesIn((app as Express & { router: { stack: readonly Layer[] } }).router.stack);
}

const routesIn = (stack: readonly Layer[]): string[] =>
  stack.flatMap(({ route, handle }) => {
    if (!route) return handle.stack ? routesIn(handle.stack) : [];
    const methods = Object.keys(route.methods);
    // What takes every method is the answer 405.
    return methods.length > 20 ? [] : methods.map((method) => nameOf({ method: method.toUpperCase(), path: route.path }));
  });
