/** Quoted text, names and comments, in which a question mark is only a question mark. */
const TOKENS = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|\?|\b(?:INSERT|UPDATE|DELETE|MERGE)\b/gi;

/** `?` → `$1`, `$2`, … */
export function numberQuestionMarks(sql: string): string {
  let count = 0;
  return sql.replace(TOKENS, (token) => (token === '?' ? `$${++count}` : token));
}

/**
 * `?` → `$1`, `$2`, … for a hot query.
 *
 * @throws TypeError when the text is no plain SELECT; a WITH that writes and SELECT … FOR UPDATE are none
 */
export function numberParameters(sql: string): string {
  if (!/^\s*(SELECT|WITH)\b/i.test(sql)) throw new TypeError(`A hot query must be a SELECT: ${sql}`);
  let count = 0;
  return sql.replace(TOKENS, (token) => {
    if (token === '?') return `$${++count}`;
    if (/^[a-z]/i.test(token)) throw new TypeError(`A hot query must be a SELECT: ${sql}`);
    return token;
  });
}
