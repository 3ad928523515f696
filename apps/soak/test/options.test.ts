import { describe, expect, it } from 'vitest';
import { readOptions, UsageError } from '../src/options.js';

describe('the flags of npm run soak', () => {
  it('kill 100 times on SQLite when nothing is asked for', () => {
    expect(readOptions([])).toMatchObject({ kills: 100, database: 'sqlite', races: 0, fuzz: 0, record: false });
  });

  it('take what is asked for, and nothing else', () => {
    expect(readOptions(['--', '--races', '7', '--database', 'postgresql', '--seed', '5'])).toMatchObject({ kills: 0, races: 7, database: 'postgresql', seed: 5 });
  });

  it('ask for help', () => {
    expect(readOptions(['--help'])).toBeUndefined();
  });

  it.each([['--kills', 'many'], ['--kills', '-1'], ['--database', 'mysql'], ['--nonsense', '1'], ['--minutes', '0'], ['--freezes', '1']])('refuse %s %s', (...flags) => {
    expect(() => readOptions(flags)).toThrow(UsageError);
  });
});
