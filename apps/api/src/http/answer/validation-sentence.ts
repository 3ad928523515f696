import { z } from 'zod';

/**
 * What is wrong with a part of a request, as the end of a sentence that begins with the part's name:
 * "/body/num_devices must be at least 1". Made from the kind of zod's issue and its particulars, so that zod may word its
 * own messages as it likes; kinds that have no sentence here keep zod's.
 */
export const validationSentence: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return 'is required';
      return Number.isNaN(issue.input) ? `must be a ${issue.expected}` : `must be of type ${issue.expected}, not ${typeName(issue.input)}`;
    case 'invalid_value':
      return `must be ${alternatives(issue.values.map(z.util.stringifyPrimitive))}`;
    case 'too_small':
      return bounded(issue, issue.inclusive ? 'at least' : 'more than', issue.minimum);
    case 'too_big':
      return bounded(issue, issue.inclusive ? 'at most' : 'less than', issue.maximum);
    case 'unrecognized_keys':
      return `must not have the ${issue.keys.length === 1 ? 'key' : 'keys'} ${z.util.joinValues(issue.keys, ', ')}`;
    case 'invalid_union':
      return issue.options || issue.inclusive === false ? inZodsWords(issue) : UNLIKE_ALL_FORMS;
    case 'invalid_format':
    case 'not_multiple_of':
    case 'invalid_key':
    case 'invalid_element':
      return inZodsWords(issue);
    default:
      return UNLIKE_ALL_FORMS;
  }
};

/**
 * Has zod say it so, in the whole process: there is no other place for it, as ts-rest does the parsing. A message that
 * stands in a schema goes before.
 */
export function useValidationSentences(): void {
  z.config({ localeError: validationSentence });
}

const UNLIKE_ALL_FORMS = 'must have one of the documented forms';

const inZodsWords = z.locales.en().localeError;

const units: Readonly<Record<string, readonly [one: string, many: string]>> = {
  string: ['character', 'characters'],
  array: ['item', 'items'],
  set: ['item', 'items'],
  map: ['entry', 'entries'],
  file: ['byte', 'bytes'],
};

type OutOfBounds = Extract<z.core.$ZodRawIssue, { readonly code: 'too_small' | 'too_big' }>;

function bounded(issue: OutOfBounds, comparison: string, bound: number | bigint) {
  if (issue.exact) return inZodsWords(issue);
  const unit = units[issue.origin];
  return unit ? `must have ${comparison} ${bound} ${unit[Number(bound) === 1 ? 0 : 1]}` : `must be ${comparison} ${bound}`;
}

const typeName = (value: unknown) => (typeof value === 'number' && !Number.isFinite(value) ? String(value) : z.util.parsedType(value));

const alternatives = (options: readonly string[]) => new Intl.ListFormat('en', { type: 'disjunction' }).format(options);
