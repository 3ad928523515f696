/** Names and list indices, from the outermost value inwards. */
export type JsonPath = readonly (string | number)[];

export type JsonToken = 'name' | 'string' | 'number' | 'word';

const SPACE = /[ \t\n\r]/;
const END = /[\s,\]}]/;

/**
 * Walks through JSON text that `JSON.parse` has taken, and tells of every token as it is written, with where it stands: what
 * the parsed value does not say any more. The path is the walker's own, and good for as long as it is being told.
 *
 * Gives the text of each member of the outermost object, or of each entry of the outermost list by its index, without the space
 * between tokens.
 */
export function walkJson(text: string, onToken: (kind: JsonToken, raw: string, path: JsonPath) => void): Map<string, string> {
  const members = new Map<string, string>();
  const path: (string | number)[] = [];
  let at = 0;
  let compact = '';

  const skipSpace = () => {
    while (at < text.length && SPACE.test(text[at]!)) at++;
  };
  const take = (end: number): string => {
    const raw = text.slice(at, end);
    compact += raw;
    at = end;
    skipSpace();
    return raw;
  };
  const mark = () => take(at + 1);
  const token = (): string => {
    let end = at + 1;
    // Not a regular expression: on a long string it would run out of stack.
    if (text[at] === '"') {
      while (text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
      return take(end + 1);
    }
    while (end < text.length && !END.test(text[end]!)) end++;
    return take(end);
  };

  const value = () => {
    const first = text[at]!;
    if (first === '{') return object();
    if (first === '[') return list();
    const kind = first === '"' ? 'string' : /[-\d]/.test(first) ? 'number' : 'word';
    onToken(kind, token(), path);
  };
  const object = () => {
    mark();
    while (text[at] !== '}') {
      const raw = token();
      path.push(JSON.parse(raw) as string);
      onToken('name', raw, path);
      mark();
      const start = compact.length;
      value();
      const name = path.pop() as string;
      if (path.length === 0) members.set(name, compact.slice(start));
      if (text[at] === ',') mark();
    }
    mark();
  };
  const list = () => {
    mark();
    for (let index = 0; text[at] !== ']'; index++) {
      path.push(index);
      const start = compact.length;
      value();
      path.pop();
      if (path.length === 0) members.set(String(index), compact.slice(start));
      if (text[at] === ',') mark();
    }
    mark();
  };

  skipSpace();
  value();
  return members;
}
