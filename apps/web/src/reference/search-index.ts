/** Something on the page that can be found. */
export interface Entry {
  readonly id: string;
  /** What it is called: an operation's name, an error's code. */
  readonly title: string;
  /** What it is about, in a few words. */
  readonly about: string;
  /** All that it says. */
  readonly text: string;
}

const MOST = 20;

/** The entries in which every word stands, those first that are called so. */
export function find(entries: readonly Entry[], asked: string): Entry[] {
  const words = asked.toLowerCase().split(/[\s./]+/).filter(Boolean);
  if (words.length === 0) return [];
  return entries
    .map((entry) => ({ entry, score: rank(entry, words) }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score)
    .slice(0, MOST)
    .map(({ entry }) => entry);
}

/** 0 when a word is missing; a word counts for more in the title, and most where a part of the title begins with it. */
function rank({ title, about, text }: Entry, words: readonly string[]): number {
  const called = title.toLowerCase();
  const parts = called.split(/[\s._]+/);
  const ranks = words.map((word) => {
    if (parts.some((part) => part === word)) return 16;
    if (parts.some((part) => part.startsWith(word))) return 8;
    if (called.includes(word)) return 4;
    if (about.toLowerCase().includes(word)) return 2;
    return text.includes(word) ? 1 : 0;
  });
  return ranks.includes(0) ? 0 : ranks.reduce<number>((sum, each) => sum + each, 0);
}
