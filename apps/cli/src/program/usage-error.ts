/** The command can't be understood, or would have to ask where nobody can answer. Ends with 2. */
export class UsageError extends Error {
  override name = 'UsageError';
  /** What to do about it. */
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}
