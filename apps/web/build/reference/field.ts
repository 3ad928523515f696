import { NAME, namedShapes, PAGE, type JsonSchema } from '@vergeai/contract';

/** A member of an input or an answer, as a person reads of it. */
export interface Field {
  readonly name: string;
  /** Its type and limits, in words. */
  readonly type: string;
  readonly required: boolean;
  readonly sentence: string | undefined;
  /** What is in it. */
  readonly fields: readonly Field[];
}

/** The members of an object. */
export function fieldsOf(shape: JsonSchema): Field[] {
  const required = (shape['required'] ?? []) as readonly string[];
  return Object.entries((shape['properties'] ?? {}) as Record<string, JsonSchema>).map(([name, of]) => ({
    name,
    type: [typeOf(of), ...limitsOf(of)].join('; '),
    required: required.includes(name),
    sentence: of['description'] as string | undefined,
    fields: inside(of),
  }));
}

/** The members of what is in a member: of an object, of the entries of a list, of the one alternative that is no `{}` or null. */
function inside(shape: JsonSchema): Field[] {
  // Its types have a chapter of their own.
  if (shape[NAME] === 'EventEntry') return [];
  const alternatives = alternativesOf(shape);
  const objects = alternatives.filter((each) => each['properties'] && Object.keys(each['properties']).length > 0);
  if (objects.length > 0) return fieldsOf(objects[0]!);
  const lists = alternatives.filter(({ items }) => items);
  if (lists.length > 0) return inside(lists[0]!['items'] as JsonSchema);
  const dictionaries = alternatives.filter(({ additionalProperties: of }) => typeof of === 'object');
  return dictionaries.length > 0 ? inside(dictionaries[0]!['additionalProperties'] as JsonSchema) : [];
}

const alternativesOf = (shape: JsonSchema): readonly JsonSchema[] => ((shape['anyOf'] ?? shape['oneOf']) as readonly JsonSchema[] | undefined)?.flatMap(alternativesOf) ?? [shape];

const list = (words: readonly string[]): string => (words.length > 1 ? `${words.slice(0, -1).join(', ')} or ${words.at(-1)}` : (words[0] ?? 'any JSON'));

function typeOf(shape: JsonSchema): string {
  if (shape[NAME] === 'EventEntry') return 'event';
  const words = alternativesOf(shape).map(typeOfOne);
  return list([...new Set(words)]);
}

function typeOfOne(shape: JsonSchema): string {
  if ('const' in shape) return JSON.stringify(shape['const']);
  if (Array.isArray(shape['enum'])) return list(shape['enum'].map((value) => JSON.stringify(value)));
  const types = [shape['type']].flat() as string[];
  if (types.length > 1) return list(types);
  switch (types[0]) {
    case 'array':
      return `list of ${plural(typeOf((shape['items'] ?? {}) as JsonSchema))}`;
    case 'object':
      return objectType(shape);
    case undefined:
      return 'any JSON';
    default:
      return shape['format'] === undefined && HEX_ID.test(String(shape['pattern'])) ? 'id' : types[0];
  }
}

const HEX_ID = /\[0-9a-f\]\{32\}\$$/;

function objectType(shape: JsonSchema): string {
  const { properties, additionalProperties: of } = shape;
  if (shape[PAGE]) return 'page';
  if (properties !== undefined) return Object.keys(properties as object).length === 0 ? '{}' : 'object';
  return typeof of === 'object' && of !== null && Object.keys(of).length > 0 ? `object of ${plural(typeOf(of as JsonSchema))}` : 'object';
}

/** Not what stands in quotes. */
const plural = (words: string): string => words.replace(/\b(id|string|number|integer|object|boolean|page|event)\b(?!")/g, '$1s');

const isBound = (value: unknown): value is number => typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER;
const number = (value: number) => value.toLocaleString('en');

function limitsOf(shape: JsonSchema): string[] {
  const { default: value, maxItems, minItems } = shape;
  const bounds = alternativesOf(shape).flatMap(({ minimum, maximum, exclusiveMinimum, minLength, maxLength }) => [
    range(minimum, maximum),
    isBound(exclusiveMinimum) ? `more than ${number(exclusiveMinimum)}` : '',
    isBound(maxLength) ? `${range(minLength, maxLength)} characters` : '',
  ]);
  const entries = range(minItems, maxItems);
  const left = value !== undefined && value !== null && typeof value !== 'object' ? `${JSON.stringify(value)} when left out` : '';
  return [...new Set([...bounds, entries && `${entries} of them`, left])].filter(Boolean);
}

function range(from: unknown, to: unknown): string {
  if (isBound(to)) return isBound(from) ? `${number(from)} to ${number(to)}` : `at most ${number(to)}`;
  return isBound(from) && from !== 0 ? `at least ${number(from)}` : '';
}

/** What a shape with a name of its own is. */
export const shapeSentence = (shape: JsonSchema): string | undefined => (typeof shape[NAME] === 'string' ? namedShapes[shape[NAME]]?.sentence : undefined);
