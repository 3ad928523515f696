import { startPostgres } from './postgres.js';

/** What vitest hands to a globalSetup, as far as it is used here. */
interface VitestProject {
  provide: (key: 'postgresUrl', value: string) => void;
}

/**
 * A vitest globalSetup: one PostgreSQL per run. In a test, `createDatabase(inject('postgresUrl'))` gives an empty
 * database of its own.
 *
 * ```ts
 * // test/global-setup.ts
 * export { postgresForVitest as default } from '@vergeai/testkit';
 * declare module 'vitest' { interface ProvidedContext { postgresUrl: string } }
 * ```
 */
export async function postgresForVitest(project: VitestProject): Promise<() => Promise<void>> {
  const postgres = await startPostgres();
  project.provide('postgresUrl', postgres.url);
  return postgres.stop;
}
