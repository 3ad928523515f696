import { ColumnTypeEnum, type ColumnType } from '@prisma/driver-adapter-utils';

/** The column types this project's schema leads to, by the word SQLite keeps from CREATE TABLE. */
const BY_DECLARATION: Readonly<Record<string, ColumnType>> = {
  TEXT: ColumnTypeEnum.Text,
  INTEGER: ColumnTypeEnum.Int32,
  INT: ColumnTypeEnum.Int32,
  BIGINT: ColumnTypeEnum.Int64,
  REAL: ColumnTypeEnum.Double,
  DATETIME: ColumnTypeEnum.DateTime,
  BOOLEAN: ColumnTypeEnum.Boolean,
  BLOB: ColumnTypeEnum.Bytes,
};

/** null for an expression, which has no declaration: its type is that of its values. */
export function declaredType(declaration: string | null): ColumnType | null {
  return declaration === null ? null : (BY_DECLARATION[declaration.toUpperCase()] ?? null);
}

/** The type of an expression, from the first of its values that is not null. Integers are read as bigint. */
export function typeOfValues(values: Iterable<unknown>): ColumnType {
  for (const value of values) {
    if (typeof value === 'string') return ColumnTypeEnum.Text;
    if (typeof value === 'bigint') return ColumnTypeEnum.Int64;
    if (typeof value === 'number') return ColumnTypeEnum.Double;
    if (value instanceof Uint8Array) return ColumnTypeEnum.Bytes;
  }
  return ColumnTypeEnum.Int32;
}
