import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { readConfig, settings } from '../../src/config.js';

const table = await readFile(new URL('../../../../docs/settings.md', import.meta.url), 'utf8');
const rows = [...table.matchAll(/^\| `([A-Z\d_]+)` \| (.+?) \|/gm)].map(([, name, fallback]) => ({ name: name!, fallback: fallback! }));

it('docs/settings.md has every setting in its table once, and no other', () => {
  expect(rows.map(({ name }) => name).sort()).toEqual(Object.keys(settings.shape).sort());
});

const bytes: Readonly<Record<string, number>> = { MiB: 1024 ** 2, GiB: 1024 ** 3 };

/** The text that a default stands for, where the table gives a value rather than a description. */
function valueOf(fallback: string): string | undefined {
  const [, amount, unit] = /^(\d+) ([MG]iB)$/.exec(fallback) ?? [];
  if (amount) return String(Number(amount) * bytes[unit!]!);
  return /^`([^$`]+)`$/.exec(fallback)?.[1];
}

it('and its defaults are those that hold', () => {
  const given = rows.flatMap(({ name, fallback }) => (valueOf(fallback) === undefined ? [] : [[name, valueOf(fallback)!] as const]));
  expect(given.length).toBeGreaterThan(12);
  expect(readConfig(Object.fromEntries(given))).toEqual(readConfig({}));
});
