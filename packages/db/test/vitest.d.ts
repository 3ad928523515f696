import 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** Admin url of the PostgreSQL of this run. */
    postgresUrl: string;
    /** Folder of this package compiled, for processes that tests start. */
    compiledDir: string;
  }
}
