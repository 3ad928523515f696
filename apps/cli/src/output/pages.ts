import type { Command, OptionValues } from '@commander-js/extra-typings';
import type { PagePromise } from '@vergeai/sdk';
import { positiveInteger } from '../program/duration.js';

/** How many entries a list prints when nothing else is said: one page. */
const PAGE = 50;
/** The most that one answer holds. */
const LARGEST_PAGE = 200;

export interface PageOptions {
  readonly limit?: number | undefined;
  readonly all?: true | undefined;
}

/** Adds what every list takes. */
export const pageOptions = <Args extends unknown[], Options extends OptionValues>(command: Command<Args, Options>) =>
  command.option('--limit <count>', `how many at most (${PAGE})`, positiveInteger).option('--all', 'all of them, page after page');

/** How many to ask for in one page. */
export const pageSize = ({ limit = PAGE, all }: PageOptions): { limit: number } => ({ limit: all ? LARGEST_PAGE : Math.min(limit, LARGEST_PAGE) });

/** As many entries as were asked for, and whether there are more. */
export function pagesOf<Entry, Body>(promise: PagePromise<Entry, Body>, { limit = PAGE, all }: PageOptions): { readonly entries: AsyncIterable<Entry>; readonly more: () => string | undefined } {
  // That it failed is told to who reads the entries.
  promise.catch(() => {});
  let cut = false;
  return {
    entries: (async function* () {
      let taken = 0;
      if (!all && limit <= LARGEST_PAGE) {
        const page = (await promise) as { readonly body: object };
        cut = Object.entries(page.body).some(([name, next]) => name.startsWith('next_') && next !== null);
        return yield* (page.body as { readonly data: Entry[] }).data;
      }
      for await (const entry of promise) {
        if (!all && taken === limit) return void (cut = true);
        yield entry;
        taken++;
      }
    })(),
    more: () => (cut ? `These are the first ${limit}: --all shows the rest.` : undefined),
  };
}
