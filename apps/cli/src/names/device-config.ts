import { readNamedJson } from '../program/read-input.js';
import { UsageError } from '../program/usage-error.js';

/** What `--config` says, as JSON, as a file of it, or as - for stdin; undefined when it was not given. @throws UsageError */
export async function deviceConfig(given: string | undefined): Promise<Record<string, unknown> | undefined> {
  if (given === undefined) return undefined;
  const value: unknown = given.trimStart().startsWith('{') ? parse(given) : await readNamedJson(given);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new UsageError(`${given} is not a JSON object.`);
  return value as Record<string, unknown>;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new UsageError(`The config "${text}" is not JSON.`, `Such as --config '{"batch_size":64}'`);
  }
}
