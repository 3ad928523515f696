export type MigrationProblem = 'missing' | 'edited' | 'failed' | 'unknown' | 'rejected';

/**
 * The database cannot be brought to the schema of this build. The message is for the operator.
 *
 * `missing`: the folder of migrations cannot be read · `edited`: a file differs from what was applied · `failed`: an
 * earlier run stopped half way · `unknown`: the database is newer than this build · `rejected`: the database refused
 * the SQL, and the migration was rolled back.
 */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
  readonly problem: MigrationProblem;

  constructor(problem: MigrationProblem, message: string, options?: ErrorOptions) {
    super(message, options);
    this.problem = problem;
  }
}
