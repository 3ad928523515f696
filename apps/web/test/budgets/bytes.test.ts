import { readdirSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const dist = new URL('../../dist/', import.meta.url);

/** What Vite writes of each file: what it imports at once, what later, which styles it brings. */
interface Chunk {
  readonly file: string;
  readonly isEntry?: boolean;
  readonly isDynamicEntry?: boolean;
  readonly imports?: readonly string[];
  readonly css?: readonly string[];
}

const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8')) as Record<string, Chunk>;
const entry = 'index.html';
const reference = 'docs.html';
const shell = 'src/app/shell/shell.tsx';
const page = (name: string) => `src/routes/${name}/page.tsx`;
const pages = Object.keys(manifest).filter((name) => /^src\/routes\/.*\/page\.tsx$/.test(name));

/** The files that one brings with it, itself included. */
function closure(names: readonly string[]): Set<string> {
  const found = new Set(names);
  for (const name of found) for (const more of manifest[name]!.imports ?? []) found.add(more);
  return found;
}

const size = (file: string) => statSync(new URL(`${file}.gz`, dist)).size;
const sum = (sizes: readonly number[]) => sizes.reduce((all, one) => all + one, 0);
const scripts = (names: Iterable<string>) => sum([...names].map((name) => size(manifest[name]!.file)));
const styles = (names: Iterable<string>) => sum([...new Set([...names].flatMap((name) => manifest[name]!.css ?? []))].map(size));

// What every page of somebody who is signed in brings.
const around = closure([entry, shell, 'src/app/shell/project-frame.tsx']);

describe('the bytes that a browser fetches, compressed', () => {
  it.each([page('sign-in'), page('projects'), ...pages.filter((name) => name.startsWith('src/routes/p/'))])('are at most 160 KB of scripts and 12 KB of styles for %s as the first page', (name) => {
    const all = closure([...around, name]);
    expect(scripts(all)).toBeLessThanOrEqual(160_000);
    expect(styles(all)).toBeLessThanOrEqual(12_000);
  });

  it.each(pages)('are at most 40 KB of scripts more for %s', (name) => {
    const more = [...closure([name])].filter((one) => !around.has(one));
    expect(scripts(more)).toBeLessThanOrEqual(40_000);
  });

  it('are at most 40 KB of scripts more for metrics with what draws them', () => {
    const more = [...closure([page('p/e/metrics'), 'src/chart/curve.tsx'])].filter((one) => !around.has(one));
    expect(scripts(more)).toBeLessThanOrEqual(40_000);
  });

  it('are at most 30 KB of scripts and 8 KB of styles for the reference', () => {
    expect(scripts(closure([reference]))).toBeLessThanOrEqual(30_000);
    expect(styles(closure([reference]))).toBeLessThanOrEqual(8_000);
  });

  it('are at most 260 KB for what trains, which pages that train fetch', () => {
    const [worker, ...more] = readdirSync(new URL('assets/', dist)).filter((file) => /^train-worker-[\w-]+\.js$/.test(file));
    expect(more).toEqual([]);
    expect(size(`assets/${worker}`)).toBeLessThanOrEqual(260_000);
  });

  it('are there for what a browser asks for: a brotli and a gzip beside each script and style', () => {
    for (const { file } of Object.values(manifest)) for (const ending of ['br', 'gz']) expect(statSync(new URL(`${file}.${ending}`, dist)).size).toBeGreaterThan(0);
  });
});
