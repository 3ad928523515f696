import { z } from 'zod';

/** What every list takes: at most `limit` entries, from where `cursor` left off. */
export const pageQuery = {
  limit: z.coerce.number<number>().int().min(1).max(200).default(50),
  cursor: z.string().min(1).max(200).optional().describe("The previous page's next_cursor"),
};

/** One page of a list, newest first. `next_cursor` is null on the last page. */
export const page = <T extends z.ZodType>(entry: T) =>
  z.object({ data: z.array(entry), next_cursor: z.string().nullable() });
