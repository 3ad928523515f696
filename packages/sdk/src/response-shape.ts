import type { AppRoute } from '@ts-rest/core';

/** The members of a route's 200 body and their schemas' kinds; empty when it is not an object. */
export function bodyShape(route: AppRoute): Record<string, { def?: { type?: string } }> {
  const schema = route.responses[200] as { shape?: Record<string, { def?: { type?: string } }> } | undefined;
  return schema?.shape ?? {};
}

/** Whether the route answers with a signed link to a model and nothing else. */
export function isLink(route: AppRoute): boolean {
  const shape = bodyShape(route);
  return Object.keys(shape).length === 1 && shape['model_url']?.def?.type === 'string';
}
