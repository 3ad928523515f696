import { NAME, PAGE } from '@vergeai/contract';
import { comment, sentence } from './comments.mjs';
import { pascal, singular } from './names.mjs';

/**
 * JSON Schema as TypeScript. An object with members becomes an interface, under the name that the contract gives it or the one
 * that its place has; `declare(name, text, schema)` is told of each, `byHand(name)` says which type of
 * the client's own stands for one of the contract.
 *
 * @param {{ io: 'input' | 'output', declare: (name: string, text: string) => void, byHand: (name: string) => string | undefined }} where
 */
export function typeText(schema, name, where) {
  const given = schema[NAME];
  if (given === undefined) return bare(schema, name, where);
  const ours = where.byHand(given);
  if (ours) return ours;
  const text = bare({ ...schema, [NAME]: undefined }, given, where);
  // An interface has been told of by now.
  if (text !== given) where.declare(given, `export type ${given} = ${text};\n`);
  return given;
}

function bare(schema, name, where) {
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives) return union(alternatives, name, where);
  if ('const' in schema) return literal(schema.const);
  if (schema.enum) return schema.enum.map(literal).join(' | ');
  if (Array.isArray(schema.type)) return schema.type.map((type) => bare({ ...schema, type }, name, where)).join(' | ');
  switch (schema.type) {
    case 'string':
    case 'boolean':
    case 'null':
      return schema.type;
    case 'number':
    case 'integer':
      return 'number';
    case 'array':
      return arrayText(schema, name, where);
    case 'object':
      return objectText(schema, name, where);
    default:
      return 'unknown';
  }
}

const literal = (value) => (typeof value === 'string' ? `'${value.replace(/['\\]/g, '\\$&')}'` : JSON.stringify(value));

function union(alternatives, name, where) {
  const full = alternatives.filter((each) => !isEmpty(each));
  const [only] = full;
  // An object or `{}`: the members that are absent are known to be.
  if (full.length === 1 && full.length < alternatives.length && only.properties) {
    const text = typeText(only, `${name}Value`, where);
    return `${text} | Nothing<${text}>`;
  }
  return [...new Set(alternatives.map((each, at) => typeText(each, alternatives.length > 2 ? `${name}${at + 1}` : name, where)))].join(' | ');
}

const isEmpty = ({ type, properties, additionalProperties }) => type === 'object' && Object.keys(properties ?? {}).length === 0 && additionalProperties === false;

function arrayText({ items, prefixItems }, name, where) {
  const readonly = where.io === 'input' ? 'readonly ' : '';
  if (prefixItems) return `${readonly}[${prefixItems.map((item, at) => typeText(item, `${name}${at + 1}`, where)).join(', ')}]`;
  const entry = typeText(items ?? {}, singular(name), where);
  return `${readonly}${entry.includes(' ') ? `(${entry})` : entry}[]`;
}

function objectText(schema, name, where) {
  if (isEmpty(schema)) return 'Empty';
  if (schema[PAGE]) return `Page<${typeText(schema.properties.data.items, entryName(name), where)}>`;
  if (!schema.properties) return `Record<string, ${typeText(schema.additionalProperties || {}, singular(name), where)}>`;
  where.declare(name, `export interface ${name} {\n${members(schema, name, where)}}\n`);
  return name;
}

/** What one entry of a page is called. */
const entryName = (name) => (name.endsWith('Page') ? name.replace(/Page$/, 'Entry') : singular(name));

/** The members of an interface, each with its sentence. */
export function members({ properties, required = [] }, name, where) {
  const base = name.replace(/(Input|Answer|Page|Entry)$/, '');
  return Object.entries(properties)
    .map(([member, schema]) => {
      const text = typeText(schema, member === 'data' && name.endsWith('Page') ? `${base}Entrys` : `${base}${pascal(member)}`, where);
      const optional = required.includes(member) ? '' : '?';
      const undefinable = optional && where.io === 'input' ? ' | undefined' : '';
      return `${comment([where.sentenceOf?.(text) ?? memberSentence(schema)], '  ')}  ${member}${optional}: ${text}${undefinable};\n`;
    })
    .join('');
}

function memberSentence(schema) {
  if (schema.description === undefined) return undefined;
  const limits = limitsOf(schema);
  const text = schema.description.replace(/\.$/, '');
  return sentence(limits ? `${text} (${limits})` : text);
}

/** What it takes, as the end of a sentence. */
function limitsOf(schema) {
  const { minimum, maximum, exclusiveMinimum, minLength, maxLength, maxItems, default: value } = schema;
  const bounds = [
    range(minimum, maximum),
    exclusiveMinimum !== undefined && `more than ${exclusiveMinimum}${isBound(maximum) ? `, at most ${number(maximum)}` : ''}`,
    maxLength !== undefined && `${range(minLength, maxLength)} characters`,
    maxItems !== undefined && `at most ${maxItems}`,
    value !== undefined && value !== null && typeof value !== 'object' && `${typeof value === 'string' ? `"${value}"` : value} when left out`,
  ];
  return bounds.filter(Boolean).slice(exclusiveMinimum === undefined ? 0 : 1).join('; ');
}

const isBound = (value) => value !== undefined && Math.abs(value) < Number.MAX_SAFE_INTEGER;
const number = (value) => value.toLocaleString('en');

function range(from, to) {
  if (isBound(to)) return isBound(from) ? `${number(from)} to ${number(to)}` : `at most ${number(to)}`;
  return isBound(from) ? `at least ${number(from)}` : '';
}
