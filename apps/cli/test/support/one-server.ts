import { startServer } from '@vergeai/testkit';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    url: string;
    key: string;
  }
}

/** One real server for all tests of the package: each makes a user of its own, and sees nothing of the others'. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const server = await startServer();
  provide('url', server.url);
  provide('key', server.key);
  return () => server.stop();
}
