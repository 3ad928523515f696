import { readFileSync } from 'node:fs';
import type { JsonSchema } from '@vergeai/contract';
import { id, valuesByName } from './example-values.js';
import { ownNames, type Own } from '../../src/reference/own.js';

const fixtures = new URL('../../../../packages/contract/fixtures/', import.meta.url);
const printed = JSON.parse(readFileSync(new URL('reference-examples.json', fixtures), 'utf8')) as { examples: { operation: string; prints: { body: unknown } }[] };
const events = JSON.parse(readFileSync(new URL('events.json', fixtures), 'utf8')) as { events: readonly unknown[] };

/** What an operation answers, for people to see: as the reference page prints it, or else made up of what the members are called. */
export function exampleAnswer(operation: string, shape: JsonSchema): unknown {
  return printed.examples.find((example) => example.operation === operation)?.prints.body ?? exampleValue(shape, operation.split('.')[0]!);
}

/** Which id a member is, where its own name does not say. */
const idsByName: Readonly<Record<string, Own>> = { current_job: 'job_id', created_by: 'user_id', actor_id: 'user_id', entity_id: 'experiment_id', devices: 'device_id', jobs: 'job_id', job_ids: 'job_id' };

/** A value of this shape, with sensible content for a member of this name. */
export function exampleValue(shape: JsonSchema, name: string): unknown {
  if (shape['x-name'] === 'EventEntry') return events.events[0];
  const alternatives = (shape['anyOf'] ?? shape['oneOf']) as readonly JsonSchema[] | undefined;
  const isObject = alternatives?.some((each) => each['properties']) ?? shape['properties'] !== undefined;
  if (Object.hasOwn(valuesByName, name) && (!isObject || valuesByName[name] === null) && fits(valuesByName[name], shape, alternatives)) return valuesByName[name];
  if (alternatives) return exampleValue(alternatives.find(({ type }) => type !== 'null') ?? alternatives[0]!, name);
  if ('const' in shape) return shape['const'];
  if (Array.isArray(shape['enum'])) return shape['enum'].includes('COMPLETED') ? 'COMPLETED' : (shape['enum'] as unknown[])[0];
  switch (Array.isArray(shape['type']) ? (shape['type'] as unknown[])[0] : shape['type']) {
    case 'object':
      return Object.fromEntries(Object.entries((shape['properties'] ?? {}) as Record<string, JsonSchema>).map(([member, of]) => [member, exampleValue(of, member)]));
    case 'array':
      return [exampleValue((shape['items'] ?? {}) as JsonSchema, name)];
    case 'boolean':
      return name === 'is_current' || name === 'is_device_active';
    case 'integer':
    case 'number':
      return 1;
    case 'string':
      return exampleText(name);
    default:
      return null;
  }
}

function exampleText(name: string): string {
  const own = ownNames.find((each) => each === name) ?? idsByName[name];
  if (own) return own === 'key_id' ? 'k3v8d1' : ANSWERED_IDS[own];
  if (/(_at|^at|^now)$/.test(name)) return '2026-01-05T09:58:07.041Z';
  return name === 'name' ? 'Baseline' : '…';
}

/** Ids of an answer are not those of the reader. */
const ANSWERED_IDS = Object.fromEntries(ownNames.map((name, at) => [name, id(`${(0x64fb44b2 + at * 0x10a3c71d).toString(16)}5e0d48d2`)])) as Record<Own, string>;

/** What is known of a dictionary by its name is one of numbers and texts. */
const holdsMore = (of: unknown): boolean => typeof of === 'object' && of !== null && 'type' in of && (of.type === 'object' || of.type === 'array');

function fits(value: unknown, shape: JsonSchema, alternatives: readonly JsonSchema[] = [shape]): boolean {
  const kind = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  return alternatives.some(({ type, enum: values, const: only, additionalProperties: of }) => !holdsMore(of) && (values === undefined || (values as unknown[]).includes(value)) && only === undefined && [type].flat().some((each) => each === kind || (each === 'integer' && Number.isInteger(value))));
}
