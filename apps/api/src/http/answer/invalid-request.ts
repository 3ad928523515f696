import type { RequestValidationError } from '@ts-rest/express';
import type { JsonFault } from '@vergeai/contract';
import { pointer, Refusal, type Fault } from '../../refusal.js';

/** All parts of a request that ts-rest found wrong, not just the first. Their messages are `validationSentence`'s. */
export function invalidRequest({ pathParams, query, headers, body }: RequestValidationError): Refusal {
  return refuse([...faultsIn('path', pathParams), ...faultsIn('query', query), ...faultsIn('headers', headers), ...faultsIn('body', body)]);
}

/** What is wrong with a part of a request, where each path begins in that part. */
export const refuseFaults = (part: string, faults: readonly JsonFault[]): Refusal =>
  refuse(faults.map(({ path, message }) => ({ path: pointer([part, ...path]), message })));

function refuse(faults: readonly Fault[]): Refusal {
  const first = faults[0];
  return new Refusal('invalid_request', first && `${first.path} ${first.message}.${faults.length > 1 ? ` ${faults.length} parts are wrong.` : ''}`, {
    errors: faults,
  });
}

const faultsIn = (part: string, error: RequestValidationError['body']): Fault[] =>
  error?.issues.flatMap((issue) => meant(issue as Issue)).map(({ path = [], message }) => ({ path: pointer([part, ...path.map(keyOf)]), message })) ?? [];

/** A validator may wrap the steps of a path (Standard Schema); zod gives them as they are. */
const keyOf = (step: Step) => (typeof step === 'object' ? step.key : step);

type Step = PropertyKey | { readonly key: PropertyKey };

interface Issue {
  readonly code?: string;
  readonly path?: readonly Step[];
  readonly message: string;
  /** Of a value that has none of several forms: what keeps it from each. */
  readonly errors?: readonly (readonly Issue[])[];
}

/** Of several forms, the only one of the value's own kind is the one that was meant; what is wrong with that tells more. */
function meant(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union' || !issue.errors) return [issue];
  const [form, ...others] = without('invalid_value', without('invalid_type', issue.errors));
  if (!form || others.length > 0) return [issue];
  return form.flatMap(meant).map((inner) => ({ ...inner, path: [...(issue.path ?? []), ...(inner.path ?? [])] }));
}

/** Without the forms that the value as a whole is this far from, unless that are all. */
function without(code: string, forms: readonly (readonly Issue[])[]): readonly (readonly Issue[])[] {
  const nearer = forms.filter((form) => !form.some((issue) => issue.code === code && issue.path?.length === 0));
  return nearer.length > 0 ? nearer : forms;
}
