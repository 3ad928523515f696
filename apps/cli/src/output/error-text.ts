import { APIError, type InvalidPart } from '@vergeai/sdk';
import pc from 'picocolors';
import { hintFor } from '../hints/hints.js';
import { exitCodeOf } from '../program/exit-codes.js';
import { Failure } from '../program/failures.js';
import { UsageError } from '../program/usage-error.js';
import { jsonText } from './json-text.js';
import { harmless } from './plain-text.js';

/** What went wrong, in the members that `--json` prints. */
export interface Trouble {
  readonly code: string;
  readonly detail: string;
  readonly status: number | null;
  readonly request_id: string | null;
  readonly errors: readonly InvalidPart[];
  readonly hint: string | null;
  readonly exit_code: number;
}

/** An error of whatever kind as something to tell. */
export function troubleOf(error: unknown): Trouble {
  const exit_code = exitCodeOf(error);
  const none = { status: null, request_id: null, errors: [], hint: null, exit_code };
  if (error instanceof APIError) {
    const code = error.code ?? 'not_the_api';
    return { ...none, code, detail: error.detail, status: error.statusCode, request_id: error.requestId ?? null, errors: error.errors, hint: hintFor(code) ?? null };
  }
  if (error instanceof UsageError) return { ...none, code: 'usage', detail: error.message, hint: error.hint ?? null };
  if (error instanceof Failure) return { ...none, code: error.code, detail: error.message, hint: error.hint ?? null };
  const name = error instanceof Error ? error.name : 'Error';
  const code = name.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase();
  return { ...none, code, detail: error instanceof Error ? error.message : String(error), hint: hintFor(code) ?? null };
}

/** On one line, for programs. */
export const troubleLine = (trouble: Trouble): string => `${jsonText({ error: trouble })}\n`;

/** For people: what is wrong, where, and what to do. */
export function troubleText(trouble: Trouble, { color, server }: { readonly color: boolean; readonly server: string | undefined }): string {
  const { red, dim, bold } = pc.createColors(color);
  const marks = [trouble.status !== null && trouble.code, trouble.request_id && `request ${trouble.request_id}`].filter(Boolean).join(', ');
  const parts = trouble.errors.map(({ path, message }) => `  ${path || '/'}: ${message}`);
  const details = trouble.status !== null && trouble.code !== 'not_the_api' && server ? `details: ${server}/problems#${trouble.code}` : '';
  return [
    `${red(bold('verge:'))} ${harmless(trouble.detail)}${marks && `  ${dim(harmless(`(${marks})`))}`}`,
    ...parts.map(harmless),
    ...(trouble.hint ? [`  ${harmless(trouble.hint)}`] : []),
    ...(details ? [`  ${dim(harmless(details))}`] : []),
    '',
  ].join('\n');
}
