/** What is wrong with somebody's table, in words for them, with the row where it is. */
export class TableError extends Error {
  override readonly name = 'TableError';
}

/** A text of the table as it stands in a sentence. */
export const shown = (text: string): string => `“${text.length > 40 ? `${text.slice(0, 40)}…` : text}”`;
