/** A column of a table, and of the tab-separated lines in its place. */
export interface Column<Entry> {
  readonly title: string;
  /** For people: short, relative to now. */
  readonly cell: (entry: Entry) => Cell;
}

/**
 * What stands in one place: `short` in a table; `exact` where a program reads, with ids whole and times in RFC 3339; `whole`, or
 * else `short`, where a person looks at one thing.
 */
export type Cell = string | number | null | undefined | { readonly short: string; readonly exact: string; readonly whole?: string };

/** Entries, one a line. */
export interface ListResult {
  readonly kind: 'list';
  readonly entries: AsyncIterable<unknown> | Iterable<unknown>;
  readonly columns: readonly Column<never>[];
  readonly id?: ((entry: never) => string) | undefined;
  /** Said when there are none. */
  readonly empty: string;
  /** Said when not all were asked for. */
  readonly more?: (() => string | undefined) | undefined;
  /** Each is printed as it comes: it may take long until the next. */
  readonly live?: boolean | undefined;
  /** It has no form but JSON, whatever was asked for. */
  readonly onlyJson?: boolean | undefined;
  /** With what the program ends, when that is not 0. */
  readonly exitCode?: number | undefined;
}

/** One thing, member by member. */
export interface RecordResult {
  readonly kind: 'record';
  readonly body: unknown;
  readonly members: readonly (readonly [label: string, value: Cell])[];
  readonly id?: string | undefined;
  readonly exitCode?: number | undefined;
  /** It has no form but JSON, whatever was asked for. */
  readonly onlyJson?: boolean | undefined;
}

/** Something was done. `said` is a sentence for people; `id`, what came of it, is data. */
export interface DoneResult {
  readonly kind: 'done';
  readonly body: unknown;
  readonly said: string;
  readonly id?: string | undefined;
}

/** Text for stdout as it is, such as a completion script. */
export interface TextResult {
  readonly kind: 'text';
  readonly text: string;
}

/** What a command gives to be printed; undefined when nothing is. */
export type Result = ListResult | RecordResult | DoneResult | TextResult | undefined;

/** Entries, one a line. */
export const list = <Entry>(result: {
  readonly entries: AsyncIterable<Entry> | Iterable<Entry>;
  readonly columns: readonly Column<Entry>[];
  readonly id?: (entry: Entry) => string;
  readonly empty: string;
  readonly more?: () => string | undefined;
  readonly live?: boolean;
  readonly onlyJson?: boolean;
}): ListResult => ({ kind: 'list', ...result }) as unknown as ListResult;

export const record = (result: Omit<RecordResult, 'kind'>): RecordResult => ({ kind: 'record', ...result });
export const done = (result: Omit<DoneResult, 'kind'>): DoneResult => ({ kind: 'done', ...result });
export const text = (lines: string): TextResult => ({ kind: 'text', text: lines });
