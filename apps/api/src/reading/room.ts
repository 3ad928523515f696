/**
 * For an operation whose answer is made whole and may be large: waits, before anything is done, until there is room for
 * about so many bytes. Throws a Refusal `busy`.
 */
export type Room = (bytes: number) => Promise<void>;

/** What a list of so many ids takes, from its rows to the text that waits to be read. */
export const bytesOfIds = (count: number): number => count * 160;
