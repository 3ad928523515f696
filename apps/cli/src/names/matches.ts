import { Failure } from '../program/failures.js';
import { UsageError } from '../program/usage-error.js';

/** Something that can be named by its id, the beginning of it, or a name. */
export interface Named {
  readonly id: string;
  readonly name: string | null;
}

export const isId = (text: string): boolean => /^[0-9a-f]{32}$/.test(text);
const isPrefix = (text: string): boolean => /^[0-9a-f]{4,31}$/.test(text);

/** How many are shown when a name fits several things. */
const SHOWN = 5;

/**
 * The one that `text` names: an exact name or the beginning of an id. @throws UsageError when several fit; Failure when none does
 */
export function theOne(what: string, text: string, found: readonly Named[], listing: string): string {
  const fitting = found.filter(({ id, name }) => name === text || (isPrefix(text) && id.startsWith(text)));
  if (fitting.length === 1) return fitting[0]!.id;
  if (fitting.length === 0) throw new Failure(3, `${what}_not_found`, `There is no ${what} "${text}" here.`, `${listing} shows what there is.`);
  const candidates = fitting.slice(0, SHOWN).map(({ id, name }) => `${name ? `${name} ` : ''}(${id})`);
  throw new UsageError(`"${text}" fits ${fitting.length} ${what}s.`, `Give one of these ids: ${candidates.join(', ')}${fitting.length > SHOWN ? ', …' : ''}`);
}
