import { VergeAIError } from './errors.js';

type Page = { readonly data: readonly unknown[] } & Readonly<Record<string, unknown>>;
type PageAnswer = { readonly body: unknown };

/** Makes a list iterable: the entries of the first page, then of the pages that follow it. */
export function pageIteration(
  first: Promise<PageAnswer>,
  parameters: string,
  fetchPage: (from: Record<string, unknown>) => Promise<PageAnswer>,
): AsyncIterable<unknown> {
  return {
    async *[Symbol.asyncIterator]() {
      let page = (await first).body as Page;
      for (;;) {
        yield* page.data;
        const parameter = parameters.split(' ').find((each) => (page[`next_${each}`] ?? null) !== null);
        if (!parameter) return;
        const next = page[`next_${parameter}`];
        page = (await fetchPage({ [parameter]: next })).body as Page;
        if (page[`next_${parameter}`] === next) throw new VergeAIError('The server answered a page that leads to itself.');
      }
    },
  };
}
