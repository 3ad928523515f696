import { readFile } from 'node:fs/promises';
import Database from 'better-sqlite3';
import pg from 'pg';
import { tableNames, type Tables } from './tables.js';

export interface ReadDatabase {
  readonly tables: Tables;
  /** What the database itself finds wrong with its files. */
  readonly faults: string[];
  /** Everything it holds, as bytes in which to look for text, by where it was found. */
  readonly contents: ReadonlyArray<{ readonly where: string; readonly bytes: Buffer }>;
}

/** Reads a database without the server's help. `file:…` or `postgres://…`. */
export async function readDatabase(url: string): Promise<ReadDatabase> {
  return url.startsWith('file:') ? readSqlite(url.slice('file:'.length)) : readPostgresql(url);
}

type Row = Record<string, unknown>;
const BOOLEANS = new Set(['isActive']);

function plain(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, typeof value === 'bigint' ? Number(value) : BOOLEANS.has(name) ? Boolean(value) : value instanceof Date ? value.getTime() : value]),
  );
}

async function readSqlite(file: string): Promise<ReadDatabase> {
  const database = new Database(file, { readonly: true, fileMustExist: true });
  const faults: string[] = [];
  try {
    const integrity = database.pragma('integrity_check') as Array<{ integrity_check: string }>;
    for (const { integrity_check: said } of integrity) if (said !== 'ok') faults.push(`PRAGMA integrity_check says: ${said}`);
    for (const broken of database.pragma('foreign_key_check') as Row[]) faults.push(`PRAGMA foreign_key_check says: ${JSON.stringify(broken)}`);
    // One transaction: one moment.
    const tables = database.transaction(() => Object.fromEntries(tableNames.map((name) => [name, (database.prepare(`SELECT * FROM "${name}"`).all() as Row[]).map(plain)])))();
    const files = await Promise.all([file, `${file}-wal`].map(async (where) => ({ where, bytes: await readFile(where).catch(() => Buffer.alloc(0)) })));
    return { tables: tables as unknown as Tables, faults, contents: files };
  } finally {
    database.close();
  }
}

async function readPostgresql(url: string): Promise<ReadDatabase> {
  const client = new pg.Client({
    connectionString: url,
    types: {
      // Timestamps without a zone are UTC here; integers of eight bytes are small enough.
      getTypeParser: ((oid: number, format?: 'text') => {
        if (oid === pg.types.builtins.TIMESTAMP) return (text: string) => Date.parse(`${text.replace(' ', 'T')}Z`);
        if (oid === pg.types.builtins.INT8) return Number;
        return pg.types.getTypeParser(oid, format) as unknown;
      }) as typeof pg.types.getTypeParser,
    },
  });
  await client.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const tables: Record<string, Row[]> = {};
    for (const name of tableNames) tables[name] = (await client.query<Row>(`SELECT * FROM "${name}"`)).rows.map(plain);
    const { rows } = await client.query<{ name: string }>(`SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`);
    const contents = [];
    for (const { name } of rows) {
      const { rows: lines } = await client.query<{ line: string }>(`SELECT t::text AS line FROM "${name}" t`);
      contents.push({ where: `table ${name}`, bytes: Buffer.from(lines.map(({ line }) => line).join('\n')) });
    }
    return { tables: tables as unknown as Tables, faults: [], contents };
  } finally {
    await client.end();
  }
}
