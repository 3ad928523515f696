/** The database cannot be used. The message is for the operator: what is wrong and what to do, never a password. */
export class DatabaseOpenError extends Error {
  override readonly name = 'DatabaseOpenError';
}
