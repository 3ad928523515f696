import { badCursor } from './page.js';

/** Pages of an experiment's jobs are as others, newest first, but go by the jobs' own numbers. */
export const newestJobsFirst = { sequence: 'desc' as const };

export function jobsAfterCursor(cursor: string | undefined) {
  if (cursor === undefined) return {};
  if (!/^\d{1,9}$/.test(cursor)) throw badCursor();
  return { sequence: { lt: Number(cursor) } };
}

/** Makes a page of `limit` entries out of up to `limit + 1` rows. */
export function toJobPage<Row extends { readonly sequence: number }, Entry>(rows: readonly Row[], limit: number, present: (row: Row) => Entry) {
  const shown = rows.slice(0, limit);
  return { data: shown.map(present), next_cursor: rows.length > limit ? String(shown.at(-1)!.sequence) : null };
}
