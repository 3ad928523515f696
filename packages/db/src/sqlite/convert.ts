import { ColumnTypeEnum, type ArgType, type ColumnType } from '@prisma/driver-adapter-utils';

/** What better-sqlite3 can bind. */
export type Bindable = string | number | bigint | Uint8Array | null;

/**
 * A value of Prisma as SQLite stores it: times as milliseconds since 1970 UTC, booleans as 0 and 1.
 *
 * @throws TypeError for a value that no column can hold
 */
export function toSqlite(value: unknown, type?: ArgType): Bindable {
  switch (typeof value) {
    case 'string':
      return fromText(value, type);
    case 'number':
    case 'bigint':
      return value;
    case 'boolean':
      return value ? 1 : 0;
    default:
  }
  if (value === null || value instanceof Uint8Array) return value;
  if (value instanceof Date) return value.getTime();
  throw new TypeError(`A ${typeof value} cannot be a parameter of a query.`);
}

/** Prisma hands some types over as text. */
function fromText(text: string, type?: ArgType): Bindable {
  switch (type?.scalarType) {
    case 'int':
      return Number.parseInt(text, 10);
    case 'float':
    case 'decimal':
      return Number.parseFloat(text);
    case 'bigint':
      return BigInt(text);
    case 'datetime':
      return new Date(text).getTime();
    case 'bytes':
      return Buffer.from(text, 'base64');
    default:
      return text;
  }
}

/** A stored value as Prisma expects it from a driver. Integers come as number, or as bigint from columns that need it. */
export function toPrisma(value: unknown, type: ColumnType): unknown {
  if (type === ColumnTypeEnum.DateTime && (typeof value === 'number' || typeof value === 'bigint')) {
    return new Date(Number(value)).toISOString();
  }
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value.toString();
  }
  return value;
}
