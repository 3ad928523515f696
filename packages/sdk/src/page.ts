import type { AppRoute } from '@ts-rest/core';
import { VergeAIError } from './errors.js';
import { bodyShape } from './response-shape.js';

type Page = { readonly data: readonly unknown[] } & Readonly<Record<string, unknown>>;
type PageAnswer = { readonly body: unknown };

/** The query parameter that continues a list: the route answers `data` with `next_<parameter>`. */
export function pageParameter(route: AppRoute): string | undefined {
  const names = Object.keys(bodyShape(route));
  return names.includes('data') ? names.find((name) => name.startsWith('next_'))?.slice('next_'.length) : undefined;
}

/** Makes a list iterable: the entries of the first page, then of the pages that follow it. */
export function pageIteration(
  first: Promise<PageAnswer>,
  parameter: string,
  fetchPage: (from: Record<string, unknown>) => Promise<PageAnswer>,
): AsyncIterable<unknown> {
  return {
    async *[Symbol.asyncIterator]() {
      let page = (await first).body as Page;
      for (;;) {
        yield* page.data;
        const next = page[`next_${parameter}`];
        if (next === null || next === undefined) return;
        page = (await fetchPage({ [parameter]: next })).body as Page;
        if (page[`next_${parameter}`] === next) throw new VergeAIError('The server answered a page that leads to itself.');
      }
    },
  };
}
