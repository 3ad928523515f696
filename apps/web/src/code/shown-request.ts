import type { OperationName } from '@vergeai/sdk';
import type { CodeInput } from './code.js';

/** A request that a page is about to make, to be shown as code. */
export interface ShownRequest {
  /** What it does, in words. */
  readonly title: string;
  /** What has to be known before it can be run. */
  readonly note?: string | undefined;
  readonly operation: OperationName;
  readonly input: CodeInput<OperationName>;
}

export const shownRequest = <Name extends OperationName>(title: string, operation: Name, input: CodeInput<Name>, note?: string): ShownRequest => ({
  title,
  note,
  operation,
  input,
});
