import { settings } from '../config.js';
import { fileSettings } from './settings-from-files.js';

/** So many letters may differ in a name of ten letters or more; one in a shorter one, which others may nearly have by chance. */
const LETTERS = 2;
const LONG = 10;

/**
 * A sentence for each name in the environment that is nearly the name of a setting which is not set: a setting that nobody reads would
 * else be taken for one that holds. Names of other programs are left alone unless they look like ours.
 */
export function nearSettings(env: Readonly<Record<string, string | undefined>>): string[] {
  const isSet = (name: string) => env[name] !== undefined && env[name] !== '';
  const known = [...Object.keys(settings.shape), ...fileSettings];
  const open = known.filter((name) => !isSet(name));
  return Object.keys(env).flatMap((name) => {
    if (known.includes(name) || !isSet(name)) return [];
    const meant = nearest(name, open);
    return meant === undefined ? [] : [`${name} is not a setting, so it does nothing. Is ${meant} meant? See docs/settings.md.`];
  });
}

function nearest(name: string, open: readonly string[]): string | undefined {
  // Of four letters, only those in capitals: a shell's own variables are short.
  const written = name.length <= 4 ? name : name.toUpperCase().replace(/^VERGE(AI)?_/, '');
  const near = open
    .map((setting) => ({ setting, letters: sameWords(written, setting) ? 0 : differing(written, setting) }))
    .filter(({ setting, letters }) => letters <= (setting.length >= LONG ? LETTERS : 1))
    .sort((a, b) => a.letters - b.letters);
  return near[0]?.setting;
}

const wordsOf = (name: string) => name.split(/[_-]/).sort().join();

const sameWords = (a: string, b: string): boolean => wordsOf(a) === wordsOf(b);

/** How many letters have to be put in, left out, changed, or swapped with the next one, to make one text of the other. */
function differing(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      row[j] = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j]!, beforeLast[j - 2]! + 1);
    }
    [beforeLast, last] = [last, row];
  }
  return last[b.length]!;
}
