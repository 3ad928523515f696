import { eventually } from '@vergeai/testkit';
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { connect } from '../src/sqlite/connect.js';
import { Writer, type WriterOptions } from '../src/sqlite/writer.js';
import { temporaryFile } from './databases.js';

interface Bench {
  writer: Writer;
  writing: Database.Database;
  /** Statements like COMMIT that the writer sent, in order. */
  sent: string[];
  fatal: Error[];
  insert: (value: number | string) => void;
  /** What another connection sees. */
  committed: () => unknown[];
}

function bench(options: Partial<WriterOptions> = {}, journalMode = 'wal'): Bench {
  const file = temporaryFile();
  const writing = connect(file, { busyTimeoutMs: 0 });
  writing.pragma(`journal_mode = ${journalMode}`);
  writing.exec('CREATE TABLE t (value INTEGER NOT NULL UNIQUE)');
  const reading = new Database(file);
  const sent: string[] = [];
  const exec = writing.exec.bind(writing);
  vi.spyOn(writing, 'exec').mockImplementation((sql) => {
    sent.push(sql);
    return exec(sql);
  });
  const fatal: Error[] = [];
  const writer = new Writer(writing, { busyTimeoutMs: 200, maxBatchSize: 64, maxBatchMs: 60_000, onCommit: () => {}, onFatal: (error) => fatal.push(error), ...options });
  onTestFinished(async () => {
    await writer.close();
    writing.close();
    reading.close();
  });
  return {
    writer,
    writing,
    sent,
    fatal,
    insert: (value) => void writing.prepare('INSERT INTO t VALUES (?)').run(value),
    committed: () => reading.prepare('SELECT value FROM t ORDER BY rowid').pluck().all(),
  };
}

const commits = ({ sent }: Bench) => sent.filter((sql) => sql === 'COMMIT').length;

/** The error SQLite would give; the disk of the machine that runs the tests does not fail on request. */
function sqliteError(code: string): Error {
  return new Database.SqliteError(`simulated ${code}`, code);
}

function failOnce(writing: Database.Database, sqlToFail: string, error: Error): void {
  const exec = vi.mocked(writing.exec).getMockImplementation()!;
  let failed = false;
  vi.mocked(writing.exec).mockImplementation((sql) => {
    if (sql === sqlToFail && !failed) {
      failed = true;
      throw error;
    }
    return exec(sql);
  });
}

describe('a lone transaction', () => {
  test('is committed as soon as it ends', async () => {
    const it = bench();
    const turn = await it.writer.begin();
    turn.run(() => it.insert(1));
    await turn.commit();
    expect(it.sent).toEqual(['BEGIN IMMEDIATE', 'SAVEPOINT turn_1', 'RELEASE turn_1', 'COMMIT']);
    expect(it.committed()).toEqual([1]);
  });

  test('that rolls back leaves nothing', async () => {
    const it = bench();
    const turn = await it.writer.begin();
    turn.run(() => it.insert(1));
    await turn.rollback();
    await it.writer.write(() => {});
    expect(it.committed()).toEqual([]);
  });

  test('that has ended runs nothing more, and is not acknowledged twice', async () => {
    const it = bench();
    const turn = await it.writer.begin();
    await turn.rollback();
    expect(() => turn.run(() => it.insert(1))).toThrow('has ended');
    await expect(turn.commit()).rejects.toThrow('has ended');
    await turn.rollback();
    await it.writer.write(() => it.insert(2));
    expect(it.committed()).toEqual([2]);
  });
});

describe('transactions that wait', () => {
  test('share one COMMIT, and none is acknowledged before it', async () => {
    const it = bench();
    const acknowledged: number[] = [];
    const seenBeforeCommit: unknown[][] = [];

    const transaction = async (value: number) => {
      const turn = await it.writer.begin();
      turn.run(() => it.insert(value));
      seenBeforeCommit.push(it.committed(), [...acknowledged]);
      await turn.commit();
      acknowledged.push(value);
    };
    await Promise.all([transaction(1), transaction(2), it.writer.write(() => it.insert(3)), transaction(4)]);

    expect(commits(it)).toBe(1);
    expect(seenBeforeCommit.flat()).toEqual([]);
    expect(acknowledged).toEqual([1, 2, 4]);
    expect(it.committed()).toEqual([1, 2, 3, 4]);
  });

  test('run in the order in which they came, and never two at a time', async () => {
    const it = bench();
    const log: string[] = [];
    const transaction = async (value: number) => {
      const turn = await it.writer.begin();
      log.push(`begin ${value}`);
      await new Promise((resolve) => setImmediate(resolve));
      turn.run(() => it.insert(value));
      log.push(`end ${value}`);
      await turn.commit();
    };
    const values = Array.from({ length: 20 }, (_, index) => index);
    await Promise.all(values.map(transaction));

    expect(log).toEqual(values.flatMap((value) => [`begin ${value}`, `end ${value}`]));
    expect(it.committed()).toEqual(values);
  });

  test('one that rolls back undoes its own writes only', async () => {
    const it = bench();
    await Promise.all([
      it.writer.begin().then((turn) => (turn.run(() => it.insert(1)), turn.commit())),
      it.writer.begin().then((turn) => (turn.run(() => it.insert(2)), turn.rollback())),
      it.writer.begin().then((turn) => (turn.run(() => it.insert(3)), turn.commit())),
    ]);
    expect(commits(it)).toBe(1);
    expect(it.committed()).toEqual([1, 3]);
  });

  test('one whose statement fails affects nobody else', async () => {
    const it = bench();
    const outcomes = await Promise.allSettled([
      it.writer.write(() => it.insert(1)),
      it.writer.write(() => it.insert(1)),
      it.writer.begin().then((turn) => {
        expect(() => turn.run(() => it.insert(1))).toThrow('UNIQUE');
        turn.run(() => it.insert(2));
        return turn.commit();
      }),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(commits(it)).toBe(1);
    expect(it.committed()).toEqual([1, 2]);
  });

  test('a refusal that rests on the write of another waits until that one is on disk', async () => {
    const it = bench();
    const log: string[] = [];
    const exec = vi.mocked(it.writing.exec).getMockImplementation()!;
    vi.mocked(it.writing.exec).mockImplementation((sql) => {
      if (sql === 'COMMIT') log.push('committed');
      return exec(sql);
    });
    const rollBack = async () => {
      await (await it.writer.begin()).rollback();
      log.push('transaction refused');
    };
    await Promise.all([
      it.writer.write(() => it.insert(1)),
      it.writer.write(() => it.insert(1)).catch(() => log.push('statement refused')),
      rollBack(),
      it.writer.begin().then((turn) => turn.commit()),
    ]);
    expect(log).toEqual(['committed', 'statement refused', 'transaction refused']);
  });

  test('share a COMMIT with at most as many as allowed', async () => {
    const it = bench({ maxBatchSize: 4 });
    await Promise.all(Array.from({ length: 10 }, (_, index) => it.writer.write(() => it.insert(index))));
    expect(commits(it)).toBe(3);
  });

  test('do not join a batch that has been open for too long', async () => {
    const it = bench({ maxBatchMs: 0 });
    await Promise.all([1, 2, 3].map((value) => it.writer.write(() => it.insert(value))));
    expect(commits(it)).toBe(3);
  });
});

describe('when another process holds the lock', () => {
  test('a write waits for it without blocking this process', async () => {
    const it = bench({ busyTimeoutMs: 60_000 });
    const other = new Database(it.writing.name);
    other.exec('BEGIN IMMEDIATE');
    const write = it.writer.write(() => it.insert(1));
    await eventually('it has tried again and again', () => it.sent.length > 2);
    other.exec('COMMIT');
    other.close();
    await write;
    expect(it.committed()).toEqual([1]);
  });

  test('all that wait are refused in the end, and the next write succeeds', async () => {
    const it = bench({ busyTimeoutMs: 20 });
    const other = new Database(it.writing.name);
    other.exec('BEGIN IMMEDIATE');
    const outcomes = await Promise.allSettled([it.writer.write(() => it.insert(1)), it.writer.begin()]);
    expect(outcomes).toMatchObject([{ reason: { code: 'SQLITE_BUSY' } }, { reason: { code: 'SQLITE_BUSY' } }]);
    other.exec('COMMIT');
    other.close();
    await it.writer.write(() => it.insert(2));
    expect(it.committed()).toEqual([2]);
  });

  // Without WAL a reader can make COMMIT itself fail.
  test('at COMMIT, it is tried again, then refused, and the next write succeeds', async () => {
    const it = bench({ busyTimeoutMs: 500 }, 'delete');
    const reader = new Database(it.writing.name);
    reader.exec('BEGIN; SELECT * FROM t');
    reader.prepare('SELECT * FROM t').all();
    await expect(it.writer.write(() => it.insert(1))).rejects.toMatchObject({ code: 'SQLITE_BUSY' });
    expect(commits(it)).toBeGreaterThan(1);
    reader.exec('COMMIT');
    reader.close();
    await it.writer.write(() => it.insert(2));
    expect(it.committed()).toEqual([2]);
    expect(it.fatal).toEqual([]);
  });
});

describe('when SQLite gives up the whole transaction', () => {
  test('every member is refused, none of their statements runs outside, and the next write succeeds', async () => {
    const it = bench();
    const gone = () => {
      // What SQLite does by itself on SQLITE_FULL in the middle of a statement.
      it.writing.prepare('ROLLBACK').run();
      throw sqliteError('SQLITE_FULL');
    };
    const whileItIsGone = async () => {
      const turn = await it.writer.begin();
      turn.run(() => it.insert(2));
      expect(() => turn.run(gone)).toThrow('SQLITE_FULL');
      expect(() => turn.run(() => it.insert(3))).toThrow('SQLITE_FULL');
      await turn.commit();
    };
    const outcomes = await Promise.allSettled([
      it.writer.write(() => it.insert(1)),
      whileItIsGone(),
      it.writer.write(() => it.insert(4)),
    ]);
    expect(outcomes).toMatchObject([{ reason: { code: 'SQLITE_FULL' } }, { reason: { code: 'SQLITE_FULL' } }, { status: 'fulfilled' }]);
    expect(it.committed()).toEqual([4]);
    expect(it.fatal).toEqual([]);
  });

  test('a disk that is really full refuses what does not fit and keeps what was acknowledged', async () => {
    const it = bench();
    it.writing.exec('CREATE TABLE big (bytes BLOB NOT NULL)');
    it.writing.pragma('max_page_count = 40');
    const grow = () => it.writer.write(() => it.writing.prepare('INSERT INTO big VALUES (randomblob(20000))').run());
    const outcomes = await Promise.allSettled(Array.from({ length: 12 }, grow));
    const kept = outcomes.filter(({ status }) => status === 'fulfilled').length;

    expect(outcomes.filter(({ status }) => status === 'rejected')[0]).toMatchObject({ reason: { code: 'SQLITE_FULL' } });
    expect(it.writing.prepare('SELECT count(*) FROM big').pluck().get()).toBe(kept);
    await it.writer.write(() => it.writing.exec('DELETE FROM big'));
    await grow();
  });
});

describe('when the disk fails', () => {
  test.each(['SQLITE_IOERR_FSYNC', 'SQLITE_IOERR_DIR_FSYNC', 'SQLITE_IOERR', 'SQLITE_CORRUPT'])('%s at COMMIT refuses all members, calls onFatal once, and nothing is written any more', async (code) => {
    const it = bench();
    failOnce(it.writing, 'COMMIT', sqliteError(code));
    const outcomes = await Promise.allSettled([it.writer.write(() => it.insert(1)), it.writer.begin().then((turn) => turn.commit())]);
    expect(outcomes).toMatchObject([{ reason: { code } }, { reason: { code } }]);
    await expect(it.writer.write(() => it.insert(2))).rejects.toMatchObject({ code });
    expect(it.fatal).toMatchObject([{ code }]);
    expect(it.committed()).toEqual([]);
  });

  test('in a statement, the same', async () => {
    const it = bench();
    const failure = sqliteError('SQLITE_IOERR_READ');
    const outcomes = await Promise.allSettled([
      it.writer.write(() => it.insert(1)),
      it.writer.write(() => {
        throw failure;
      }),
    ]);
    expect(outcomes).toMatchObject([{ reason: failure }, { reason: failure }]);
    expect(it.fatal).toEqual([failure]);
    expect(it.committed()).toEqual([]);
  });

  test.each(['SQLITE_FULL', 'SQLITE_IOERR_WRITE', 'SQLITE_IOERR_SHMSIZE', 'SQLITE_IOERR_NOMEM', 'SQLITE_NOMEM', 'SQLITE_CANTOPEN'])('%s at COMMIT, for want of room, memory or files, is not fatal', async (code) => {
    const it = bench();
    failOnce(it.writing, 'COMMIT', sqliteError(code));
    await expect(it.writer.write(() => it.insert(1))).rejects.toMatchObject({ code });
    await it.writer.write(() => it.insert(2));
    expect(it.committed()).toEqual([2]);
    expect(it.fatal).toEqual([]);
  });
});

test('closing waits for what has begun and refuses the rest', async () => {
  const it = bench();
  const turn = await it.writer.begin();
  const waiting = it.writer.write(() => it.insert(2));
  const closed = it.writer.close();
  await expect(it.writer.write(() => it.insert(3))).rejects.toThrow('closed');
  turn.run(() => it.insert(1));
  await turn.commit();
  await Promise.all([waiting, closed]);
  expect(it.committed()).toEqual([1, 2]);
});
