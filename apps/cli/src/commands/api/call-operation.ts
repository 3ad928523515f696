import { operations, type InputOf, type OperationName } from '@vergeai/sdk';
import type { Context } from '../../context/context.js';
import { experimentIds, projectId } from '../../names/names.js';
import { list, record, type Result } from '../../output/result.js';
import { UsageError } from '../../program/usage-error.js';
import { inputFrom, type InputOptions } from './input-from.js';

/** Calls an operation with what was given, and shows its answer as JSON. */
export async function callOperation(context: Context, operation: OperationName, { paginate, ...options }: InputOptions & { readonly paginate?: true | undefined }): Promise<Result> {
  const route = operations[operation];
  if (paginate && !route.paging) throw new UsageError(`${operation} answers no list, so there is nothing to paginate.`);
  const input = await filledIn(context, route.params, await inputFrom(route, options));
  const missing = route.params.filter((name) => !(name in input));
  if (missing.length > 0) throw new UsageError(`${operation} needs ${missing.join(' and ')}.`, `Give ${missing.map((name) => `-f ${name}=…`).join(' ')}`);
  const answer = context.send(operation, input as InputOf<OperationName>) as unknown as Promise<{ readonly body: unknown }> & AsyncIterable<unknown>;
  if (paginate) return list({ entries: answer, columns: [], empty: '', onlyJson: true });
  return record({ body: (await answer).body, members: [], onlyJson: true });
}

/** The ids that the path has, from where the project and the experiment are set. */
async function filledIn(context: Context, params: readonly string[], input: Record<string, unknown>): Promise<Record<string, unknown>> {
  const lacks = (name: string) => params.includes(name) && !(name in input);
  if (lacks('experiment_id') && context.setting('experiment')) return { ...input, ...(await experimentIds(context)) };
  if (lacks('project_id') && context.setting('project')) return { project_id: await projectId(context), ...input };
  return input;
}
