import type { Route } from '@vergeai/sdk';
import { readNamed, readNamedJson } from '../../program/read-input.js';
import { UsageError } from '../../program/usage-error.js';
import { assignment } from '../../names/hyperparameters.js';

export interface InputOptions {
  readonly field?: readonly string[] | undefined;
  readonly file?: readonly string[] | undefined;
  readonly input?: string | undefined;
}

/** What the operation is called with. @throws UsageError */
export async function inputFrom({ params, query, carriesModel }: Route, { field = [], file = [], input }: InputOptions): Promise<Record<string, unknown>> {
  const whole = input === undefined ? {} : await readNamedJson(input);
  if (typeof whole !== 'object' || whole === null || Array.isArray(whole)) throw new UsageError('--input is not a JSON object.');
  const members: Record<string, unknown> = { ...whole };
  const isText = (name: string) => params.includes(name) || query.includes(name) || name.endsWith('_id');
  for (const text of field) {
    const [name, value] = assignment(text);
    // An id of digits alone is no number.
    members[name] = isText(name) && !text.includes(':=') ? text.slice(text.indexOf('=') + 1) : value;
  }
  for (const text of file) {
    const [, name, place] = /^([^=]+)=@(.+)$/s.exec(text) ?? [];
    if (name === undefined) throw new UsageError(`"${text}" names no file.`, 'Write it as -F model=@model.safetensors');
    // A model goes up from its file, whatever its size.
    if (carriesModel && name === 'model') members[name] = place === '-' ? process.stdin : place;
    else members[name] = assignment(`x=${(await readNamed(place!)).trimEnd()}`)[1];
  }
  return members;
}
