/** All that is needed to call an operation. */
export interface Route {
  /** GET or POST. */
  readonly method: 'GET' | 'POST';
  /** With `:name` where a parameter goes. */
  readonly path: string;
  /** The names of the parameters in the path, in their order. */
  readonly params: readonly string[];
  /** The names of the query's parameters. */
  readonly query: readonly string[];
  /** The status that the reference prints; on the wire it may be another one. */
  readonly status: number;
  /**
   * It answers a list in pages: the answer's `next_<paging>` is what the query parameter `paging` takes. Where there are several,
   * separated by spaces, the one whose `next_…` is not null.
   */
  readonly paging?: string | undefined;
  /** It answers with a signed link to a model. */
  readonly link?: true | undefined;
  /** It takes a model, inline or by upload ticket. */
  readonly carriesModel?: true | undefined;
  /** It can be followed as an event stream. */
  readonly streams?: true | undefined;
}

/** The same in the table that every page which uses the client loads: what most have in common, and what follows, is left out. */
export interface Row extends Pick<Route, 'paging' | 'link' | 'carriesModel' | 'streams'> {
  /** It is a GET; with the names of the parameters in the path, one after the other. */
  readonly get?: string;
  readonly query?: string;
  /** When it is not 200. */
  readonly status?: number;
}

/** The operations of one resource by name. */
export type Rows = Readonly<Record<string, Row>>;

/** The path says which resource and operation it is; the contract's rules see to that. */
export function routeOf(resource: string, operation: string, { get, query, status = 200, ...more }: Row): Route {
  const params = names(get);
  const path = ['/v1', resource, operation, ...params.map((name) => `:${name}`)].join('/');
  return { method: get === undefined ? 'POST' : 'GET', path, params, query: names(query), status, ...more };
}

const names = (list: string | undefined): string[] => list?.match(/\w+/g) ?? [];
