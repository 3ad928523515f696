import { z } from 'zod';

/** How times are written; said beside what the time is of. */
export const timeNotations: ReadonlySet<string | undefined> = new Set(['RFC 3339, UTC', 'Epoch seconds as a decimal string']);

/** RFC 3339 in UTC, as every new operation prints times. */
export const timestamp = z.string().describe('RFC 3339, UTC');

/** Epoch seconds as a decimal string, as the documented objects print times. */
export const epochSeconds = z.string().describe('Epoch seconds as a decimal string');
