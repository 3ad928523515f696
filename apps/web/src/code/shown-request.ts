import type { OperationName } from '@vergeai/sdk';
import { codeFor, type CodeInput, type Language } from './code.js';

/** A request that a page is about to make, to be shown as code. */
export interface ShownRequest {
  /** What it does, in words. */
  readonly title: string;
  /** What has to be known before it can be run. */
  readonly note?: string | undefined;
  write(language: Language, baseUrl: string): string;
}

export const shownRequest = <Name extends OperationName>(title: string, operation: Name, input: CodeInput<Name>, note?: string): ShownRequest => ({
  title,
  note,
  write: (language, baseUrl) => codeFor(language, operation, input, baseUrl),
});
