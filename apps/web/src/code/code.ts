import { describe, operations, type InputOf, type OperationName } from '@vergeai/sdk';
import { cli } from './languages/cli.js';
import { curl, jsonNotation } from './languages/curl.js';
import { python, pythonNotation } from './languages/python.js';
import type { Writer } from './languages/snippet.js';
import { typescript, typescriptNotation } from './languages/typescript.js';
import { ModelFile } from './model-file.js';
import { literal, type Notation } from './notation.js';
import { membersOf, type Plain } from './plain.js';

const languages = {
  python: { name: 'Python', write: python, notation: pythonNotation },
  typescript: { name: 'TypeScript', write: typescript, notation: typescriptNotation },
  curl: { name: 'curl', write: curl, notation: jsonNotation },
  cli: { name: 'Command line', write: cli, notation: jsonNotation },
} as const satisfies Record<string, { name: string; write: Writer; notation: Notation }>;

export type Language = keyof typeof languages;

/** The languages that requests can be shown in, in the order in which they are offered. */
export const languageNames = Object.entries(languages).map(([language, { name }]) => ({ language: language as Language, name }));

/** What an operation takes, with a model that is a file by its name. */
export type CodeInput<Name extends OperationName> = { [Member in keyof InputOf<Name>]: Member extends 'model' ? Plain | ModelFile : InputOf<Name>[Member] };

/**
 * A request as code that does it, to be shown and copied. Names and other texts in `input` may be anybody's: they are quoted for
 * the language. There is no key in it: it is read from the environment's VERGEAI_API_KEY.
 * @param baseUrl where the API is, without a slash at its end
 * @throws VergeAIError, TypeError for what the call itself would refuse.
 * @example codeFor('python', 'job.create', { project_id, experiment_id, num_devices: 4 }, 'http://127.0.0.1:3000')
 */
export function codeFor<Name extends OperationName>(language: Language, operation: Name, input: CodeInput<Name>, baseUrl: string): string {
  const members = membersOf((input ?? {}) as Record<string, Plain>) as [string, unknown][];
  const file = members.map(([, value]) => value).find((value) => value instanceof ModelFile);
  const given = Object.fromEntries(members.filter(([, value]) => value !== file)) as Record<string, Plain>;
  const request = describe(operation, given as InputOf<Name>, { baseUrl });
  return languages[language].write({ operation, route: operations[operation], baseUrl, input: given, file, request });
}

/** A value as it stands in the code of a language; with curl, as JSON. */
export const literalFor = (language: Language, value: Plain): string => literal(value, languages[language].notation);
