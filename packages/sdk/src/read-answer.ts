import { isChangedInteger, walkJson, type JsonPath } from '@vergeai/domain/exact-json';

/**
 * `JSON.parse`, but an integer that a number of JavaScript's would change, such as a seed of 64 bits, is a bigint.
 * @throws SyntaxError
 */
export function readAnswer(text: string): unknown {
  const answer: unknown = JSON.parse(text);
  if (!/\d{16}/.test(text) || typeof answer !== 'object') return answer;
  walkJson(text, (kind, raw, path) => {
    if (kind === 'number' && isChangedInteger(raw)) put(answer, path, BigInt(raw));
  });
  return answer;
}

/** The parser has made every step of the path an own member. */
function put(value: unknown, path: JsonPath, leaf: bigint): void {
  const last = path.at(-1)!;
  const holder = path.slice(0, -1).reduce((at, step) => (at as Record<string | number, unknown>)[step], value) as Record<string | number, unknown>;
  holder[last] = leaf;
}
