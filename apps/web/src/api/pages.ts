import type { InputOf, OperationName, Page } from '@vergeai/sdk';
import { infiniteQueryOptions } from '@tanstack/react-query';
import { read, type AnswerOf } from './ask.js';

/** The operations that answer a list in pages by a cursor. */
type Listing = { [Name in OperationName]: AnswerOf<Name> extends Page<unknown> ? Name : never }[OperationName];

/** What such a list is made of. */
export type EntryOf<Name extends Listing> = AnswerOf<Name> extends Page<infer Entry> ? Entry : never;

/** A list that comes page by page, for useInfiniteQuery; `data` is all entries so far. Its key is made as that of `ask` is. */
export const pages = <Name extends Listing>(operation: Name, input: InputOf<Name>) =>
  infiniteQueryOptions({
    queryKey: [operation, input, 'pages'] as const,
    async queryFn({ pageParam, signal }) {
      const asked = (pageParam === null ? input : { ...(input as object), cursor: pageParam }) as InputOf<Name>;
      return (await read(operation, asked, signal)) as Page<EntryOf<Name>>;
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    select: ({ pages: answers }) => answers.flatMap(({ data }) => data),
  });
