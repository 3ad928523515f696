/** What a batch of rows may take about, in characters of text. */
export const BATCH_CHARACTERS = 128 * 1024;

/** Where a row stands among others of a project, oldest first. */
export interface Place {
  readonly createdAt: Date;
  readonly id: string;
}

/** Before all others. */
export const FIRST: Place = { createdAt: new Date(0), id: '' };

/**
 * Rows in their order, a bounded number at a time: for answers of which nobody knows how long they are. `read` gives the
 * next `size` rows after one, from the first on when there is none.
 */
export async function* inBatches<Row>(size: number, read: (after: Row | undefined, size: number) => readonly Row[] | Promise<readonly Row[]>): AsyncGenerator<readonly Row[], undefined> {
  let after: Row | undefined;
  for (;;) {
    const rows = await read(after, size);
    if (rows.length > 0) yield rows;
    if (rows.length < size) return undefined;
    after = rows.at(-1);
  }
}

/** Cuts a list into stretches of at most BATCH_CHARACTERS, or of one entry that is longer. */
export function inStretches<Entry extends { readonly characters: number }>(entries: readonly Entry[]): Entry[][] {
  const stretches: Entry[][] = [];
  let room = 0;
  for (const entry of entries) {
    if (stretches.length === 0 || entry.characters > room) {
      stretches.push([]);
      room = BATCH_CHARACTERS;
    }
    stretches.at(-1)!.push(entry);
    room -= entry.characters;
  }
  return stretches;
}

/** What is there already, for entries of which parts are still to be read. */
export async function* inOneBatch<Entry>(entries: readonly Entry[]): AsyncGenerator<readonly Entry[], undefined> {
  yield entries;
  return undefined;
}

/** How many entries of a list that is there are written at once. */
const PIECE = 500;

/** What is there already and is long, entry by entry as it is shown. */
export async function* inPieces<Entry, Shown>(entries: readonly Entry[], show: (entry: Entry) => Shown): AsyncGenerator<readonly Shown[], undefined> {
  for (let at = 0; at < entries.length; at += PIECE) yield entries.slice(at, at + PIECE).map(show);
  return undefined;
}
