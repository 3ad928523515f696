/** What the client knows of an operation; a row of the table that is made from the contract, as small as it can be. */
export interface Row {
  readonly method: 'GET' | 'POST';
  /** What stands in the path, in its order. */
  readonly params?: readonly string[];
  /** The names of the query's parameters. */
  readonly query?: readonly string[];
  /** The status that the reference prints; on the wire it may be another one. */
  readonly status: number;
  /** It answers a list in pages: the answer's `next_<paging>` is what the query parameter `paging` takes. */
  readonly paging?: string;
  /** It answers with a signed link to a model. */
  readonly link?: true;
  /** It takes a model, inline or by upload ticket. */
  readonly carriesModel?: true;
  /** It can be followed as an event stream. */
  readonly streams?: true;
}

/** The operations of one resource by name. */
export type Rows = Readonly<Record<string, Row>>;

/** All that is needed to call an operation. */
export interface Route extends Row {
  /** With `:name` where a parameter goes. */
  readonly path: string;
}

/** The path says which resource and operation it is; the contract's rules see to that. */
export const routeOf = (resource: string, operation: string, row: Row): Route => ({
  ...row,
  path: ['/v1', resource, operation, ...(row.params ?? []).map((name) => `:${name}`)].join('/'),
});
