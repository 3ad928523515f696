import { contract, operations, transferRoutes } from '@vergeai/contract';
import type { AppRouter } from '@ts-rest/core';
import type { Express } from 'express';
import { createApp } from '../../src/app.js';
import { implementations } from '../../src/features/index.js';
import { implementedContract } from '../../src/http/register.js';
import type { TestApi } from '../support/api.js';

const nameOf = ({ method, path }: { method: string; path: string }) => `${method} ${path}`;

/** Every route the contract promises, whether this server has it yet or not. */
export const promised: readonly string[] = [...operations(contract as unknown as AppRouter).map(({ route }) => nameOf(route)), ...Object.values(transferRoutes).map(nameOf)];

/** The operations of the contract that have handlers. */
export const implemented: readonly string[] = operations(implementedContract(implementations)).map(({ route }) => nameOf(route));

export const isImplemented = (route: string): boolean => implemented.includes(route);

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
