/** What requests are made of. */
export type Plain = string | number | bigint | boolean | null | undefined | readonly Plain[] | { readonly [name: string]: Plain };

/** The members that are there: what is undefined was left out. */
export const membersOf = (value: { readonly [name: string]: Plain }): [string, Plain][] => Object.entries(value).filter(([, member]) => member !== undefined);
