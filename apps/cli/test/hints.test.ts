import { expect, inject, it } from 'vitest';
import { hintFor } from '../src/hints/hints.js';
import { place } from './support/verge.js';

/** What only a broken HTTP client is told. */
const NOT_FOR_PEOPLE = new Set(['malformed_http', 'headers_too_large', 'request_too_slow']);

it('there is a hint for each code of the server that a person can meet', async () => {
  const page = await (await fetch(`${inject('url')}/problems`)).text();
  const codes = [...page.matchAll(/id="(\w+)"/g)].map(([, code]) => code!).filter((code) => !NOT_FOR_PEOPLE.has(code));
  expect(codes.length).toBeGreaterThan(50);
  expect(codes.filter((code) => hintFor(code) === undefined)).toEqual([]);
});

it('each command that a hint names is one', async () => {
  await using here = await place();
  const paths = new Set<string>();
  interface Tree {
    readonly path: string;
    readonly commands: readonly Tree[];
  }
  const add = ({ path, commands }: Tree): void => {
    paths.add(path);
    commands.forEach(add);
  };
  add(JSON.parse((await here.verge(['help', '--json'])).stdout) as Tree);
  const page = await (await fetch(`${inject('url')}/problems`)).text();
  const codes = [...[...page.matchAll(/id="(\w+)"/g)].map(([, code]) => code!), 'not_the_api', 'connection_error', 'integrity_error', 'waited_long_enough', 'job_failed', 'job_cancelled'];
  for (const code of codes) {
    for (const [, words] of (hintFor(code) ?? '').matchAll(/verge ((?:[a-z-]+ ?)+)/g)) {
      const named = words!.trim().split(' ');
      const known = named.some((_, count) => paths.has(named.slice(0, count + 1).join(' ')));
      expect(known, `${code}: verge ${words}`).toBe(true);
    }
  }
});
