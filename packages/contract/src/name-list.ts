import { z } from 'zod';

/** `a,b\,c` → `a` and `b,c` */
const parts = (list: string): string[] => (list.match(/(?:\\[^]|[^,\\]|\\$)+/g) ?? []).map((part) => part.replace(/\\([\\,])/g, '$1'));

/** Several names in one parameter of a query, separated by commas; a comma within a name has a backslash before it. */
export const nameList = <Name extends z.ZodType<string, string>>(name: Name, most: number) =>
  z
    .string()
    .max(8000)
    .transform(parts)
    .pipe(z.array(name).min(1, 'must name at least one').max(most, `must name at most ${most}`));
