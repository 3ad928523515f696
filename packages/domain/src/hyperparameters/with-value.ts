import { membersOf } from './members-of.js';

/**
 * Hyperparameters, as JSON text, with another value at a path: `lr`, or `optimizer.lr` for what is within an object, which is
 * made when it is missing. Everything else stays as it is written, and where it stands. Gives undefined when what stands on the
 * way is not an object.
 */
export const withValue = (hyperparameters: string, path: string, value: string): string | undefined => put(hyperparameters, path.split('.'), value);

function put(text: string, [name, ...within]: readonly string[], value: string): string | undefined {
  if (!text.startsWith('{')) return undefined;
  const members = membersOf(text);
  const placed = within.length === 0 ? value : put(members.get(name!) ?? '{}', within, value);
  if (placed === undefined) return undefined;
  members.set(name!, placed);
  return `{${Array.from(members, ([each, its]) => `${JSON.stringify(each)}:${its}`).join(',')}}`;
}
