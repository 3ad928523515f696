import { z } from 'zod';

/** What every list takes: at most `limit` entries, from where `cursor` left off. */
export const pageQuery = {
  limit: z.coerce.number<number>().int().min(1).max(200).default(50),
  cursor: z.string().min(1).max(200).optional().describe("The previous page's next_cursor"),
};

/** The same where rows are small and a page of them is a picture. */
export const longPageQuery = { ...pageQuery, limit: z.coerce.number<number>().int().min(1).max(1000).default(50) };

/** The members of answers that say where the next page begins, each with the parameter that takes its value. */
const onward = z.registry<{ readonly parameter: string }>();

/** A member `next_<parameter>` of an answer: the same request with this value as its `parameter` gets the next page; null on the last. */
export function next<T extends z.ZodType>(parameter: string, value: T): z.ZodNullable<T> {
  const member = value.nullable();
  onward.add(member, { parameter });
  return member;
}

const nextCursor = next('cursor', z.string());

/** The shapes that are a page of something and nothing more. */
const pages = z.registry<object>();

export const isPage = (shape: z.ZodType): boolean => pages.has(shape);

/** One page of a list, newest first. `next_cursor` is null on the last page. */
export function page<T extends z.ZodType>(entry: T) {
  const shape = z.object({ data: z.array(entry), next_cursor: nextCursor });
  pages.add(shape, {});
  return shape;
}

/** The parameters by which an answer of this shape goes on, separated by spaces; undefined when it is not a page. */
export function pagingOf(answer: unknown): string | undefined {
  if (!(answer instanceof z.ZodObject)) return undefined;
  const parameters = Object.values(answer.shape).flatMap((member) => onward.get(member instanceof z.ZodOptional ? member.unwrap() : member)?.parameter ?? []);
  return parameters.length > 0 ? parameters.join(' ') : undefined;
}
