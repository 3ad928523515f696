import { sql, type Expression, type RawBuilder } from 'kysely';

/** Whether a text in lower case has `part` in it: `contains(row.ref('e.searchName'), part)`. */
export const contains = (text: Expression<string | null>, part: string): RawBuilder<boolean> => like(text, `%${escaped(part)}%`);

/** Whether it begins with it. */
export const beginsWith = (text: Expression<string | null>, part: string): RawBuilder<boolean> => like(text, `${escaped(part)}%`);

// Of letters SQLite takes capitals and others for the same, PostgreSQL does not.
const like = (text: Expression<string | null>, pattern: string) => sql<boolean>`${text} LIKE ${pattern} ESCAPE '\\'`;

const escaped = (text: string) => text.replace(/[\\%_]/g, (letter) => `\\${letter}`);
