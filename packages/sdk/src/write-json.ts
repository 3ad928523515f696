import { MAX_JSON_DEPTH } from '@vergeai/domain/exact-json';
import { VergeAIError } from './errors.js';

type Path = readonly (string | number)[];

/** A value that is JSON text already. */
export class WrittenJson {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A list is written so many letters at a time. */
const LONGEST_PIECE = 64 * 1024;

/**
 * A value as JSON, piece by piece. Beyond what `JSON.stringify` can say, a bigint is written in all its digits and −0 with its
 * sign, a Map is an object in its own order, and a Set or a typed array a list. Members that are undefined are left out.
 *
 * `ofModel`: the members of the outermost object are tensors, which are nothing but lists; their numbers are as `JSON.stringify`
 * writes them.
 * @throws VergeAIError with an RFC 6901 pointer for what JSON can't say, of which `JSON.stringify` makes `null` or `{}`.
 */
export function* jsonPieces(value: unknown, ofModel = false, path: Path = []): Generator<string, void, void> {
  if (typeof value !== 'object' || value === null) return yield plainText(value, path);
  if (value instanceof WrittenJson) return yield value.text;
  if (path.length >= MAX_JSON_DEPTH) throw refused(path, `is nested deeper than ${MAX_JSON_DEPTH}, or holds itself`);
  if (isList(value)) return yield* listPieces(value, ofModel, path);
  if ('arraySync' in value) throw refused(path, 'is a tensor of TensorFlow.js: pass its numbers, as `await tensor.array()` gives them; all of a network are `encodeModel(await toState(network), …)` of @vergeai/worker');
  if (ofModel && path.length > 0) throw noTensor(value, path);
  if (value instanceof Set) return yield* listPieces([...value], ofModel, path);
  if (value instanceof Map) return yield* memberPieces(Array.from(value, ([name, member]) => [nameOf(name, path), member]), ofModel, path);
  const said = saidBy(value, path);
  if (said !== value) return yield* jsonPieces(said, ofModel, path);
  const members = Object.entries(value);
  if (members.length === 0 && !isPlain(value)) throw refused(path, `is a ${kindOf(value)}, of which JSON would keep nothing: pass what it stands for as plain values`);
  yield* memberPieces(members, ofModel, path);
}

function* listPieces(list: ArrayLike<unknown>, ofModel: boolean, path: Path): Generator<string, void, void> {
  let text = '[';
  for (let at = 0; at < list.length; at++) {
    const entry = list[at];
    if (at > 0) text += ',';
    if (typeof entry === 'number' && Number.isFinite(entry)) text += ofModel ? entry : numberText(entry);
    else {
      yield text;
      text = '';
      yield* jsonPieces(entry, ofModel, [...path, at]);
    }
    if (text.length < LONGEST_PIECE) continue;
    yield text;
    text = '';
  }
  yield `${text}]`;
}

function* memberPieces(members: readonly [string, unknown][], ofModel: boolean, path: Path): Generator<string, void, void> {
  let separator = '{';
  for (const [name, member] of members) {
    if (member === undefined) continue;
    yield `${separator}${JSON.stringify(name)}:`;
    yield* jsonPieces(member, ofModel, [...path, name]);
    separator = ',';
  }
  yield separator === '{' ? '{}' : '}';
}

function plainText(value: unknown, path: Path): string {
  switch (typeof value) {
    case 'number':
      if (!Number.isFinite(value)) throw refused(path, `is ${value}, and JSON has no such number: leave it out, or send it as text`);
      return numberText(value);
    case 'bigint':
      return String(value);
    case 'undefined':
    case 'function':
    case 'symbol':
      throw refused(path, `is ${value === undefined ? '' : 'a '}${typeof value}, which JSON does not have: leave it out`);
    default:
      return JSON.stringify(value);
  }
}

/** "-0" is an integer to other languages, whose integers have no sign at 0. */
const numberText = (value: number): string => (Object.is(value, -0) ? '-0.0' : String(value));

const refused = (path: Path, sentence: string): VergeAIError => new VergeAIError(`${pointerTo(path)} ${sentence}.`);

/** RFC 6901. */
const pointerTo = (path: Path): string => path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** What an object says it is in JSON, such as the text of a Date; most say nothing. */
function saidBy(value: object, path: Path): unknown {
  if (!('toJSON' in value) || typeof value.toJSON !== 'function') return value;
  const said = (value as { toJSON(name: string): unknown }).toJSON(String(path.at(-1) ?? ''));
  if (said === null) throw refused(path, `is a ${kindOf(value)} without a value: leave it out`);
  return said;
}

/** What stands in the place of a tensor, and what to pass instead. */
const noTensor = (value: object, path: Path): VergeAIError =>
  'data' in value && 'shape' in value
    ? refused(path, 'is a tensor with a shape of its own: pass the bytes that `encodeModel(model, …)` of @vergeai/worker makes of all of them')
    : refused(path, 'is no tensor: a model is one dictionary of them. Pass the one inside, such as `checkpoint.model`');

/** An array, or a typed array. */
const isList = (value: object): value is ArrayLike<unknown> & object => Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));

const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value);
  // An object of another realm, such as a frame, has another Object.prototype.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
};

const kindOf = (value: object): string => (value.constructor as { name?: string } | undefined)?.name || 'class instance';

function nameOf(key: unknown, path: Path): string {
  if (typeof key === 'string' || typeof key === 'number') return String(key);
  throw refused(path, `is a Map with a key that is ${typeof key === 'object' ? 'an object' : `a ${typeof key}`}: a name in JSON is text`);
}
