import type { Generated } from 'kysely';
import type { Prisma } from './generated/sqlite/client.js';

/**
 * Every table with the types of its columns, as Kysely wants them: what makes a statement type-check against
 * prisma/schema.prisma. Derived from the client that Prisma generates of it, so there is nothing to generate again.
 * DateTime is Date, BigInt is bigint, Boolean is boolean, Bytes is Uint8Array, an enum the union of its names.
 */
export type Tables = { [Name in Prisma.ModelName]: Columns<Models[Name]> };

type Models = Prisma.TypeMap['model'];
type Columns<Model extends Models[Prisma.ModelName]> = {
  [Name in keyof Row<Model>]: IsFilledIn<Model, Name> extends true ? Generated<Row<Model>[Name]> : Row<Model>[Name];
};

type Row<Model extends Models[Prisma.ModelName]> = Model['payload']['scalars'];
type NewRow<Model extends Models[Prisma.ModelName]> = Exclude<Model['operations']['createMany']['args']['data'], readonly unknown[]>;

/** Whether the database fills a column in that an INSERT leaves out. One that may be null is left to Kysely, which knows. */
type IsFilledIn<Model extends Models[Prisma.ModelName], Name extends keyof Row<Model>> = null extends Row<Model>[Name]
  ? false
  : Name extends OptionalKeys<NewRow<Model>>
    ? true
    : false;

type OptionalKeys<T> = { [Key in keyof T]-?: undefined extends T[Key] ? Key : never }[keyof T];
