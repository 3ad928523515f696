import type { InputOf, MethodOf, OperationName } from '@vergeai/sdk';
import { queryOptions } from '@tanstack/react-query';
import { api } from './client.js';

/** What an operation answers. */
export type AnswerOf<Name extends OperationName> = Awaited<ReturnType<MethodOf<Name>>> extends { readonly body: infer Body } ? Body : never;

/**
 * What an operation reads, as a query: `useQuery(ask('job.describe', { project_id, job_id }))`. Its key is the operation and
 * what it was asked, so that whoever learns that something has changed finds all that shows it (see live/).
 */
export const ask = <Name extends OperationName>(operation: Name, input: InputOf<Name>) =>
  queryOptions({
    queryKey: [operation, input] as const,
    queryFn: ({ signal }) => read(operation, input, signal),
  });

/** The answer's body; for queries that are made of more than one answer. */
export async function read<Name extends OperationName>(operation: Name, input: InputOf<Name>, signal: AbortSignal): Promise<AnswerOf<Name>> {
  // The types of one operation's method are known where its name is; here the name can be any.
  const call = api.call.bind(api) as unknown as (name: Name, input: InputOf<Name>, options: { signal: AbortSignal }) => Promise<{ body: AnswerOf<Name> }>;
  return (await call(operation, input, { signal })).body;
}
