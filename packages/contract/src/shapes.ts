import { z } from 'zod';
import { sentenceOf } from './sentences.js';
import { timeNotations } from './time.js';

/** JSON Schema 2020-12, as plain data. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** What may be sent, or what is answered. */
export type Direction = 'input' | 'output';

/** What a part of a schema gets in addition, under keywords of one's own. */
export type Mark = (part: z.ZodType) => Record<string, unknown>;

/** A schema as JSON Schema. Every member says what it is. */
export function shapeOf(schema: z.ZodType, io: Direction, mark?: Mark): JsonSchema {
  const { $schema: _, ...shape } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => void Object.assign(jsonSchema, mark?.(zodSchema as unknown as z.ZodType)),
  });
  return withSentences(shape) as JsonSchema;
}

/** Not while the shape is written: one schema may stand under several names. */
function withSentences(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(withSentences);
  if (typeof part !== 'object' || part === null) return part;
  return Object.fromEntries(Object.entries(part).map(([keyword, value]) => [keyword, keyword === 'properties' ? described(value as Record<string, object>) : withSentences(value)]));
}

const described = (properties: Record<string, { readonly description?: string }>) =>
  Object.fromEntries(
    Object.entries(properties).map(([name, property]) => {
      const description = sentenceFor(name, property.description);
      return [name, { ...(withSentences(property) as object), ...(description !== undefined && { description }) }];
    }),
  );

/** What a schema says itself counts for more than its name; how a time is written is said beside what it is of. */
function sentenceFor(name: string, own: string | undefined): string | undefined {
  const byName = sentenceOf(name);
  if (byName !== undefined && timeNotations.has(own)) return `${byName} (${own})`;
  return own ?? byName;
}
