import { z } from 'zod';

/** What a project's changes can be about. */
export const changedThings = ['project', 'member', 'experiment', 'job', 'device'] as const;

/** That something has changed, and not how: whoever wants to know looks. */
export const projectChange = z.object({
  type: z.literal('change'),
  about: z.enum(changedThings).describe('What has changed'),
  id: z.string().describe('Its id; a member has that of the user'),
  experiment_id: z.string().nullable().describe('The experiment that it belongs to. null: it is no experiment and no job'),
});

/** What the stream of a project's changes tells, one message after the other. */
export const projectChanges = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), version: z.string().describe("The server's version") }),
  projectChange,
  z.object({ type: z.literal('bye'), code: z.string().describe('Why the caller may not go on listening: the code of a problem') }),
]);

export type ProjectMessage = z.infer<typeof projectChanges>;
export type ProjectChange = z.infer<typeof projectChange>;
