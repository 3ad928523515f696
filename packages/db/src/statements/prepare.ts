import type { Compilable } from 'kysely';
import type { HotParameter, HotQuery } from '../hot-reader.js';
import type { HotStatement } from '../hot-writer.js';

/** A value that is not known yet, while the text is being made. */
class Placeholder {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/**
 * Prepares a SELECT. `make` gets a stand-in for each value, typed as the value is:
 *
 *     const levelOf = query((at: { projectId: string; userId: string }) =>
 *       build.selectFrom('Member').select('level').where('projectId', '=', at.projectId).where('userId', '=', at.userId));
 *
 * A stand-in may only be handed on to the builder. A list has no stand-in: its length is part of the text.
 */
export function query<Values extends object, Row>(make: (values: Values) => Compilable<Row>): HotQuery<Values, Row> {
  const text = once(() => compile(make));
  return {
    get sql() {
      return text().sql;
    },
    bind: (values) => text().bind(values),
  };
}

/** The same for a query whose text depends on what is asked. Its text is made anew each time. */
export function queryOf<Row>(made: Compilable<Row>): HotQuery<object, Row> {
  const { sql, parameters } = made.compile();
  return { sql, isOneOfMany: true, bind: () => parameters as HotParameter[] };
}

/**
 * Prepares a statement that writes, as `query` does a SELECT.
 * @param changes how many rows it has to change; see HotStatement
 */
export function statement<Values extends object>(make: (values: Values) => Compilable<unknown>, changes?: number): (values: Values) => HotStatement {
  const text = once(() => compile(make));
  return (values) => ({ sql: text().sql, params: text().bind(values), ...(changes !== undefined && { changes }) });
}

/** The same for a statement whose text depends on what is to be changed. Its text is made anew each time. */
export function statementOf(made: Compilable<unknown>, changes?: number): HotStatement {
  const { sql, parameters } = made.compile();
  return { sql, params: parameters as HotParameter[], ...(changes !== undefined && { changes }) };
}

function compile<Values extends object>(make: (values: Values) => Compilable<unknown>) {
  const standIns = new Proxy({}, { get: (_target, name) => new Placeholder(String(name)) }) as Values;
  const { sql, parameters } = make(standIns).compile();
  const bind = (values: Values) =>
    parameters.map((parameter) => (parameter instanceof Placeholder ? values[parameter.name as keyof Values] : parameter) as HotParameter);
  return { sql, bind };
}

/** Not at once: most of a process's texts are needed only when somebody asks. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
