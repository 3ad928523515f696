import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { useValidationSentences, validationSentence } from '../../src/http/answer/validation-sentence.js';

type Case = readonly [schema: z.ZodType, value: unknown, sentence: string];

const three = z.string().length(3);
const text = z.string();
const shape = (kind: string) => z.strictObject({ kind: z.literal(kind) });

/** Every kind of issue that zod has; a new one does not compile until it has a row. */
const cases = {
  invalid_type: [
    [text, undefined, 'is required'],
    [z.strictObject({ name: text }), {}, 'is required'],
    [text, 7, 'must be of type string, not number'],
    [text, null, 'must be of type string, not null'],
    [text, true, 'must be of type string, not boolean'],
    [text, {}, 'must be of type string, not object'],
    [z.number(), '7', 'must be of type number, not string'],
    [z.number().int(), 1.5, 'must be of type int, not number'],
    [z.boolean(), [], 'must be of type boolean, not array'],
    [z.strictObject({}), 'x', 'must be of type object, not string'],
    [z.array(text), {}, 'must be of type array, not object'],
    [z.record(text, text), [], 'must be of type record, not array'],
    [z.coerce.number(), 'many', 'must be a number'],
    [z.coerce.number(), 'Infinity', 'must be of type number, not Infinity'],
  ],
  invalid_value: [
    [z.literal('RANDOM'), 'x', 'must be "RANDOM"'],
    [z.literal(7), '7', 'must be 7'],
    [z.enum(['idle', 'busy']), 'x', 'must be "idle" or "busy"'],
    [z.enum(['a', 'b', 'c|d']), 'x', 'must be "a", "b", or "c|d"'],
    [z.literal([100, 10, 5, 1]), 7, 'must be 100, 10, 5, or 1'],
    [z.literal(['a', null]), undefined, 'must be "a" or null'],
  ],
  too_small: [
    [z.number().min(1), 0, 'must be at least 1'],
    [z.number().positive(), 0, 'must be more than 0'],
    [text.min(1), '', 'must have at least 1 character'],
    [text.min(2), '', 'must have at least 2 characters'],
    [z.array(text).min(1), [], 'must have at least 1 item'],
    [z.set(text).min(2), new Set(), 'must have at least 2 items'],
    [z.map(text, text).min(1), new Map(), 'must have at least 1 entry'],
    [z.bigint().min(5n), 4n, 'must be at least 5'],
    [three, 'ab', 'Too small: expected string to have exactly 3 characters'],
  ],
  too_big: [
    [z.number().max(200), 201, 'must be at most 200'],
    [z.number().lt(0.5), 0.5, 'must be less than 0.5'],
    [z.number().int(), 2 ** 53, 'must be at most 9007199254740991'],
    [text.max(1), 'ab', 'must have at most 1 character'],
    [text.max(200), 'x'.repeat(201), 'must have at most 200 characters'],
    [z.array(text).max(16), Array<string>(17).fill('x'), 'must have at most 16 items'],
    [z.file().max(3), new File(['four'], 'name'), 'must have at most 3 bytes'],
    [three, 'abcd', 'Too big: expected string to have exactly 3 characters'],
  ],
  unrecognized_keys: [
    [z.strictObject({}), { colour: 1 }, 'must not have the key "colour"'],
    [z.strictObject({}), { colour: 1, size: 1 }, 'must not have the keys "colour", "size"'],
  ],
  invalid_union: [
    [z.union([text, z.number()]), true, 'must have one of the documented forms'],
    [z.discriminatedUnion('kind', [shape('a'), shape('b')]), { kind: 'c' }, "Invalid discriminator value. Expected 'a' | 'b'"],
    [z.xor([text, text.min(0)]), '', 'Invalid input: more than one option matched'],
  ],
  custom: [
    [z.custom(() => false), 1, 'must have one of the documented forms'],
    [text.refine(() => false), '', 'must have one of the documented forms'],
  ],
  invalid_format: [
    [z.email(), 'x', 'Invalid email address'],
    [text.regex(/^a/), 'x', 'Invalid string: must match pattern /^a/'],
    [text.startsWith('a'), 'x', 'Invalid string: must start with "a"'],
  ],
  not_multiple_of: [[z.number().multipleOf(3), 7, 'Invalid number: must be a multiple of 3']],
  invalid_key: [[z.record(text.min(1), z.number()), { '': 1 }, 'Invalid key in record']],
  invalid_element: [[z.map(z.instanceof(Date), text), new Map([[new Date(0), 1]]), 'Invalid value in map']],
} as const satisfies Record<z.core.$ZodIssueCode, readonly Case[]>;

describe('what the validator finds is said as the end of a sentence', () => {
  const before = z.config().localeError;
  beforeAll(useValidationSentences);
  afterAll(() => void z.config({ localeError: before }));

  const issuesOf = (schema: z.ZodType, value: unknown) => schema.safeParse(value).error!.issues;

  describe.each(Object.entries<readonly Case[]>(cases))('%s', (code, rows) => {
    it.each(rows.map(([schema, value, sentence]) => ({ schema, value, sentence })))('$sentence', ({ schema, value, sentence }) => {
      expect(issuesOf(schema, value).map((issue) => [issue.code, issue.message])).toEqual([[code, sentence]]);
    });
  });

  it('for every part that is wrong', () => {
    const schema = z.strictObject({ name: text.min(1), count: z.number() });
    expect(issuesOf(schema, { name: '', count: '7', colour: 1 }).map(({ path, message }) => [path, message])).toEqual([
      [['name'], 'must have at least 1 character'],
      [['count'], 'must be of type number, not string'],
      [[], 'must not have the key "colour"'],
    ]);
  });

  it.each([
    ['a type', z.string('must be our text'), 7],
    ['a bound', text.min(2, 'must be our text'), ''],
    ['a format', text.regex(/^a/, 'must be our text'), 'x'],
    ['a choice', z.enum(['a', 'b'], 'must be our text'), 'x'],
    ['a rule of our own', text.refine(() => false, 'must be our text'), ''],
    ['an issue of our own', text.superRefine((_, check) => check.addIssue({ code: 'custom', message: 'must be our text' })), ''],
  ])('unless %s brings its own', (_, schema, value) => {
    expect(issuesOf(schema, value).map(({ message }) => message)).toEqual(['must be our text']);
  });

  it('also for a kind that a later version of the validator may add', () => {
    expect(validationSentence({ code: 'a_new_kind', input: 1 } as unknown as z.core.$ZodRawIssue)).toBe('must have one of the documented forms');
  });
});
