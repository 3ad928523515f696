import { JsonText, type JsonScalar } from '@vergeai/contract';
import { walkJson } from '@vergeai/domain/exact-json';

/**
 * Of hyperparameters, as JSON text, what stands at these paths (`optimizer.name`, `layers.0`): each as it is written, if it is
 * no list and no object. On its way out a JsonText stands for the value that it means.
 */
export function pickParams(hyperparameters: string, paths: readonly string[]): Record<string, JsonScalar> {
  const asked = new Set(paths);
  const found: Array<[string, JsonScalar]> = [];
  walkJson(hyperparameters, (kind, raw, at) => {
    const path = at.join('.');
    if (kind !== 'name' && asked.has(path)) found.push([path, new JsonText(raw) as unknown as JsonScalar]);
  });
  // In the order in which they were asked for.
  return Object.fromEntries(found.toSorted(([one], [other]) => paths.indexOf(one) - paths.indexOf(other)));
}
