import { isAppRoute, type AppRoute, type AppRouter } from '@ts-rest/core';
import type { OperationMetadata } from './access.js';

/** One route of a contract with its dotted name, such as `experiment.create`. */
export interface Operation {
  readonly name: string;
  readonly route: AppRoute;
  readonly metadata: OperationMetadata;
}

/** Every route of a router, flat, in the order it was written. Throws when one has no metadata. */
export function operations(router: AppRouter, prefix: readonly string[] = []): Operation[] {
  return Object.entries(router).flatMap(([key, entry]) => {
    const path = [...prefix, key];
    if (!isAppRoute(entry)) return operations(entry, path);
    const metadata = entry.metadata as OperationMetadata | undefined;
    if (!metadata?.access) throw new Error(`route ${path.join('.')} has no access policy`);
    return [{ name: path.join('.'), route: entry, metadata }];
  });
}
