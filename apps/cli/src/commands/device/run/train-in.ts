import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Train } from '@vergeai/worker';
import { UsageError } from '../../../program/usage-error.js';

/** The training function of a file. @throws UsageError when there is none */
export async function trainIn(file: string): Promise<Train> {
  let module: { readonly default?: unknown };
  try {
    module = (await import(pathToFileURL(path.resolve(file)).href)) as typeof module;
  } catch (error) {
    throw new UsageError(`${file} can't be loaded: ${(error as Error).message}`);
  }
  if (typeof module.default !== 'function') throw new UsageError(`${file} has no training function.`, 'Write: export default async function train({ model, hyperparameters, report }) { …; return { model }; }');
  return module.default as Train;
}
