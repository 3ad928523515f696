import type { RequestValidationError } from '@ts-rest/express';
import type { JsonFault } from '@vergeai/contract';
import { Refusal, type Fault } from '../../refusal.js';

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
  error?.issues.map(({ path = [], message }) => ({ path: pointer([part, ...path.map(keyOf)]), message })) ?? [];

/** A validator may wrap the steps of a path (Standard Schema); zod gives them as they are. */
const keyOf = (step: PropertyKey | { readonly key: PropertyKey }) => (typeof step === 'object' ? step.key : step);

/** RFC 6901. */
const pointer = (path: readonly PropertyKey[]) =>
  path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
