import { fileURLToPath } from 'node:url';

/** prisma/migrations of this repository; the same distance from src as from dist. */
export const defaultMigrationsDir = fileURLToPath(new URL('../../../prisma/migrations', import.meta.url));
