import Database from 'better-sqlite3';
import { Client } from 'pg';

/** What a database consists of, one line per fact, sorted: two databases with the same lines have the same schema. */
export interface Catalog {
  /** Columns, indexes, keys and enums: what prisma/schema.prisma can say. */
  facts: string[];
  /** Names of CHECKs and partial unique indexes: what only the migrations can say. */
  constraints: string[];
}

export function sqliteCatalog(file: string): Catalog {
  const database = new Database(file, { readonly: true });
  try {
    const tables = database
      .prepare<[], { name: string; sql: string }>(`SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> '_prisma_migrations'`)
      .all();
    const facts: string[] = [];
    const constraints: string[] = [];
    for (const { name: table, sql } of tables) {
      for (const { name, type, notnull, dflt_value, pk } of rows(database, 'table_info', table)) facts.push(line(table, 'column', name, type, notnull, dflt_value, pk));
      for (const { from, to, table: parent, on_update, on_delete } of rows(database, 'foreign_key_list', table)) {
        facts.push(line(table, 'foreign key', from, parent, to, on_update, on_delete));
      }
      for (const { name, unique, partial } of rows(database, 'index_list', table)) {
        const columns = rows(database, 'index_xinfo', String(name)).filter(({ key }) => key === 1);
        if (partial === 1) constraints.push(String(name));
        else facts.push(line(table, 'index', name, unique, ...columns.flatMap(({ name: column, desc }) => [column, desc])));
      }
      for (const [, name] of sql.matchAll(/CONSTRAINT "(\w+)" CHECK/g)) constraints.push(name!);
    }
    return { facts: facts.toSorted(), constraints: constraints.toSorted() };
  } finally {
    database.close();
  }
}

function rows(database: Database.Database, pragma: string, argument: string): Record<string, unknown>[] {
  return database.pragma(`${pragma}("${argument}")`) as Record<string, unknown>[];
}

function line(...parts: unknown[]): string {
  return parts.map((part) => (part === null ? '-' : String(part))).join(' ');
}

const POSTGRESQL_FACTS = [
  `SELECT table_name, 'column', column_name, udt_name, is_nullable, column_default, numeric_precision, datetime_precision
     FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> '_prisma_migrations'`,
  `SELECT i.tablename, 'index', i.indexdef FROM pg_indexes i
     JOIN pg_index x ON x.indexrelid = format('%I.%I', i.schemaname, i.indexname)::regclass
    WHERE i.schemaname = 'public' AND i.tablename <> '_prisma_migrations' AND x.indpred IS NULL`,
  // When NO ACTION is checked is said by hand, see the first migration.
  `SELECT conrelid::regclass::text, conname, replace(pg_get_constraintdef(oid), ' DEFERRABLE INITIALLY DEFERRED', '') FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text <> '_prisma_migrations' AND contype IN ('f', 'p', 'u')`,
  `SELECT typname, 'enum', string_agg(enumlabel, ' ' ORDER BY enumsortorder) FROM pg_enum JOIN pg_type ON pg_type.oid = enumtypid GROUP BY typname`,
];

const POSTGRESQL_CONSTRAINTS = `
  SELECT conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype = 'c'
  UNION ALL
  SELECT indexrelid::regclass::text FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
   WHERE relnamespace = 'public'::regnamespace AND indpred IS NOT NULL`;

export async function postgresqlCatalog(url: string): Promise<Catalog> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const facts: string[] = [];
    for (const text of POSTGRESQL_FACTS) facts.push(...(await client.query<unknown[]>({ text, rowMode: 'array' })).rows.map((row) => line(...row)));
    const constraints = (await client.query<string[]>({ text: POSTGRESQL_CONSTRAINTS, rowMode: 'array' })).rows.map(([name]) => name!);
    return { facts: facts.toSorted(), constraints: constraints.toSorted() };
  } finally {
    await client.end();
  }
}
