/** Quoted text, in which a question mark is only a question mark, and the parameters by which SQLite chooses a plan. */
const TOKENS = /'(?:[^']|'')*'|"(?:[^"]|"")*"|(=|\blimit|\boffset) \?/gi;

/**
 * The text of a hot statement in a form that SQLite compiles once. As better-sqlite3 builds it (with ENABLE_STAT4, and no way
 * to set SQLITE_DBCONFIG_ENABLE_QPSG), SQLite compiles a statement anew whenever a bare parameter of `=` or LIMIT is bound
 * again, since the plan could depend on its value; for a join that takes ten times as long as running it. Our plans don't:
 * nobody runs ANALYZE. What a function gives is the same value, and is not looked at for a plan.
 *
 * What a partial index asks for has to stand in the text, as for PostgreSQL.
 */
export const onePlan = (sql: string): string =>
  sql.replace(TOKENS, (token, operator?: string) => (operator === undefined ? token : `${operator} coalesce(?, NULL)`));
