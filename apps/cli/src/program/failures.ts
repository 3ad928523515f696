/** A refusal of our own that ends with a code of the table, such as a key that may not be sent somewhere. */
export class Failure extends Error {
  override name = 'Failure';
  /** With what the program ends. */
  readonly exitCode: number;
  /** For programs. */
  readonly code: string;
  /** What to do about it. */
  readonly hint: string | undefined;

  constructor(exitCode: number, code: string, message: string, hint?: string) {
    super(message);
    this.exitCode = exitCode;
    this.code = code;
    this.hint = hint;
  }
}

/** Somebody pressed Ctrl-C, or asked the process to end. */
export class Interrupted extends Error {
  override name = 'Interrupted';
  /** With what the program ends. */
  readonly exitCode: number;

  constructor(signal: 'SIGINT' | 'SIGTERM') {
    super(signal === 'SIGINT' ? 'Interrupted.' : 'Asked to end.');
    this.exitCode = signal === 'SIGINT' ? 130 : 143;
  }
}
