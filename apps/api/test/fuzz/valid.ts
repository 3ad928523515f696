import type { Chance } from './chance.js';

/** What valid values are made of. */
export interface Stock {
  readonly ids: Readonly<Record<string, readonly string[]>>;
  readonly cursors: readonly string[];
}

/** JSON Schema, as far as the contract uses it. */
export interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
}

/** A value that the schema takes; ids are mostly those of things that exist. */
export function validValue(schema: Schema, name: string, chance: Chance, stock: Stock): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return chance.pick(schema.enum);
  if (schema.anyOf) return validValue(chance.pick(schema.anyOf), name, chance, stock);
  switch (schema.type) {
    case 'object':
      return name === 'model' ? model(chance) : object(schema, chance, stock);
    case 'array':
      return Array.from({ length: chance.below(3) }, () => validValue(schema.items ?? {}, name, chance, stock));
    case 'integer':
    case 'number':
      return number(schema, name, chance);
    case 'boolean':
      return chance.happens(0.5);
    case 'string':
      return text(schema, name, chance, stock);
    default:
      return chance.pick([1, 'x', true, null, [1, 2], { a: { b: 0.5 } }]);
  }
}

function object({ properties = {}, required = [] }: Schema, chance: Chance, stock: Stock): Record<string, unknown> {
  const names = Object.keys(properties).filter((name) => required.includes(name) || chance.happens(0.5));
  const known = names.map((name) => [name, validValue(properties[name]!, name, chance, stock)]);
  const free = Object.keys(properties).length === 0 ? Array.from({ length: chance.below(4) }, (_, index) => [`p${index}`, chance.pick([0.1, 'adam', [1], { deep: true }])]) : [];
  return Object.fromEntries([...known, ...free]) as Record<string, unknown>;
}

/** Mostly the shape that every experiment of the fuzzed server has, so that updates come through. */
const model = (chance: Chance) => (chance.happens(0.7) ? { w: [chance.below(100), chance.below(100) / 8] } : { w: [[1], [2]], b: 0.5 });

function number({ type, minimum, exclusiveMinimum, maximum = 1000 }: Schema, name: string, chance: Chance): number {
  const least = minimum ?? (exclusiveMinimum === undefined ? 0 : exclusiveMinimum + 0.001);
  // Long polls are somebody else's test, and a job wants no more devices than there are.
  const most = name === 'wait' ? 0.05 : Math.min(maximum, name === 'num_devices' ? 2 : 100);
  const value = chance.pick([least, most, least + chance.below(Math.max(1, most - least))]);
  return type === 'integer' ? Math.round(value) : value;
}

function text({ pattern, minLength = 0, maxLength = 200 }: Schema, name: string, chance: Chance, stock: Stock): string {
  const pool = stock.ids[name];
  if (pool && chance.happens(0.9)) return chance.pick(pool);
  if (pattern) return chance.hex(32);
  if (name === 'cursor') return chance.pick(stock.cursors);
  return 'täxt ✓'.repeat(200).slice(0, Math.max(minLength, chance.below(Math.min(maxLength, 60)), 1));
}
