import { z } from 'zod';

/** The body of every answer that is not a success: RFC 9457, with a code for programs. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  instance: z.string(),
  code: z.string().describe('Stable, snake_case: what a program should look at.'),
  request_id: z.string(),
  errors: z
    .array(z.object({ path: z.string().describe('RFC 6901 JSON pointer into the request'), message: z.string() }))
    .optional()
    .describe('For validation: every part that failed.'),
});
export type Problem = z.infer<typeof problem>;
