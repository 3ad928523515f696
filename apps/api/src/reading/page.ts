import { Refusal } from '../refusal.js';

/** Where a page begins: right after this entry, newest first. */
export interface Position {
  readonly createdAt: Date;
  readonly id: string;
}

export interface PageRequest {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** The condition that skips what earlier pages have shown. Keyset, so it stays right and fast while rows come and go. */
export function afterCursor(cursor: string | undefined) {
  if (cursor === undefined) return {};
  const { createdAt, id } = readCursor(cursor);
  return { OR: [{ createdAt: { lt: createdAt } }, { createdAt, id: { lt: id } }] };
}

/** After which entry a page begins, for a statement that has to name one: the first page's is behind every time there is. */
export const positionOf = (cursor: string | undefined): Position => (cursor === undefined ? { createdAt: END_OF_TIME, id: '' } : readCursor(cursor));

/** What a database holds on either side: PostgreSQL's years are longer. */
const END_OF_TIME = new Date('9999-12-31T00:00:00Z');

export const newestFirst = [{ createdAt: 'desc' as const }, { id: 'desc' as const }];

/** Makes a page of `limit` entries out of up to `limit + 1` rows. */
export function toPage<Row, Entry>(rows: readonly Row[], limit: number, position: (row: Row) => Position, present: (row: Row) => Entry) {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    data: shown.map(present),
    next_cursor: rows.length > limit && last ? writeCursor(position(last)) : null,
  };
}

/** How many rows of entries that may be large are read at once. */
const LARGE_ROWS_AT_ONCE = 25;

/** The same of entries that may be large, read as they are sent. `read` gives the next rows after a cursor. */
export function toGrowingPage<Row, Entry>(
  { limit, cursor }: PageRequest,
  position: (row: Row) => Position,
  present: (row: Row) => Entry,
  read: (cursor: string | undefined, take: number) => Promise<readonly Row[]>,
) {
  return growingPage({ limit, after: cursor, atOnce: LARGE_ROWS_AT_ONCE, read, placeOf: (row) => writeCursor(position(row)), write: (place) => place, present });
}

export interface GrowingPage<Row, Place, Entry> {
  readonly limit: number;
  /** Where the page begins. */
  readonly after: Place | undefined;
  readonly atOnce: number;
  /** The next rows after a place. */
  readonly read: (after: Place | undefined, take: number) => Promise<readonly Row[]>;
  readonly placeOf: (row: Row) => Place;
  /** A place as a cursor. */
  readonly write: (place: Place) => string;
  readonly present: (row: Row) => Entry;
}

/** The same of a list that is in another order. */
export function growingPage<Row, Place, Entry>({ limit, after, atOnce, read, placeOf, write, present }: GrowingPage<Row, Place, Entry>) {
  let next: string | null = null;
  async function* data(): AsyncGenerator<readonly Entry[]> {
    let last = after;
    for (let left = limit; left > 0; left -= atOnce) {
      const size = Math.min(left, atOnce);
      const rows = await read(last, size + 1);
      const shown = rows.slice(0, size);
      yield shown.map(present);
      if (rows.length <= size) return;
      last = placeOf(shown.at(-1)!);
    }
    next = write(last!);
  }
  return { data: data(), next_cursor: () => next };
}

export const writeCursor = ({ createdAt, id }: Position) => Buffer.from(`${createdAt.getTime()}.${id}`).toString('base64url');

export function readCursor(cursor: string): Position {
  const match = /^(\d{1,14})\.([0-9a-z]{1,32})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1'));
  if (!match) throw badCursor();
  return { createdAt: new Date(Number(match[1])), id: match[2]! };
}

export const badCursor = () =>
  new Refusal('invalid_request', 'The cursor is not one that this server gave out.', {
    errors: [{ path: '/query/cursor', message: "must be the previous page's next_cursor" }],
  });
