import { VergeAIError } from '../errors.js';
import { table } from '../generated/table.js';
import type { OperationName } from './operation-name.js';
import { routeOf, type Route, type Row } from './route.js';

/** Every operation of the API with all that is needed to call it, in the order of the reference. */
export const operations: Readonly<Record<OperationName, Route>> = /* @__PURE__ */ Object.fromEntries(
  /* @__PURE__ */ Object.entries(table).flatMap(([resource, rows]) => Object.entries<Row>(rows).map(([name, row]) => [`${resource}.${name}`, routeOf(resource, name, row)])),
) as Record<OperationName, Route>;

/** @throws VergeAIError when there is no such operation. */
export function requireOperation(name: string): Route {
  const route = Object.hasOwn(operations, name) ? operations[name as OperationName] : undefined;
  if (!route) throw new VergeAIError(`There is no operation "${name}".`);
  return route;
}
