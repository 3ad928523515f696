// What pages read out of the query of their URL. Whatever a link says, a page gets something it can use: a page's
// `validateSearch` writes each of its names, also as undefined, because the router passes on what it leaves out.

type Raw = Readonly<Record<string, unknown>>;

/** A text; undefined when there is none. A number is one too: the router reads `?q=7` as 7. */
export function textIn(search: Raw, name: string): string | undefined {
  const value = search[name];
  return typeof value === 'string' ? value || undefined : typeof value === 'number' ? String(value) : undefined;
}

/** One of the values that it may have; undefined for any other. */
export function oneOfIn<T extends string>(search: Raw, name: string, values: readonly T[]): T | undefined {
  return values.find((value) => value === search[name]);
}

/** A whole number of 0 or more. */
export function countIn(search: Raw, name: string): number | undefined {
  const value = Number(search[name] ?? NaN);
  return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** A list of texts, such as `?tags=a,b`. */
export function listIn(search: Raw, name: string): string[] | undefined {
  const list = textIn(search, name)?.split(',').filter(Boolean);
  return list?.length ? list : undefined;
}
