import { isChangedInteger, walkJson, type JsonPath, type JsonToken } from '../exact-json/index.js';

/** A path that is longer can't be asked for elsewhere either. */
const LONGEST_PATH = 500;
const MOST_COMPARED = 20_000;
const MOST_SHOWN = 1000;

/** What stands where a list or an object has nothing in it. */
const EMPTY = '';

interface Place {
  /** What the first that has something there has there. */
  readonly meaning: string;
  /** How many have the same there. */
  alike: number;
}

/**
 * Finds where hyperparameters differ: paths such as `lr`, `optimizer.name`, `layers.0`, at which not all have the same text,
 * number or word; one that has nothing there differs, too. Numbers are compared by what they are, not by how they are
 * written. Of more than 20,000 paths the first are looked at, of more than a thousand that differ the first are told.
 */
export class DifferingPaths {
  readonly #places = new Map<string, Place>();
  #added = 0;

  /** The next hyperparameters, as JSON text. */
  add(hyperparameters: string): void {
    this.#added++;
    for (const [path, meaning] of meaningsIn(hyperparameters)) {
      const place = this.#places.get(path);
      if (place) place.alike += place.meaning === meaning ? 1 : 0;
      else if (this.#places.size < MOST_COMPARED) this.#places.set(path, { meaning, alike: 1 });
    }
  }

  /** In the order in which they stand there. */
  paths(): string[] {
    return [...this.#places].filter(([, { alike }]) => alike < this.#added).map(([path]) => path).slice(0, MOST_SHOWN);
  }
}

function meaningsIn(text: string): Map<string, string> {
  const meanings = new Map<string, string>();
  walkJson(text, (kind, raw, at) => {
    if (lengthOf(at) > LONGEST_PATH) return;
    const path = at.join('.');
    // What holds something is told by what it holds.
    const around = at.slice(0, -1).join('.');
    if (meanings.get(around) === EMPTY) meanings.delete(around);
    meanings.set(path, kind === 'name' ? EMPTY : meaningOf(kind, raw));
  });
  return meanings;
}

/** Alike for what means the same: `1`, `1.0` and `1e0`, but not an integer of which a float64 loses digits and its neighbour. */
function meaningOf(kind: Exclude<JsonToken, 'name'>, raw: string): string {
  if (kind === 'number' && !isChangedInteger(raw)) return String(Number(raw));
  return kind === 'string' ? JSON.stringify(JSON.parse(raw)) : raw;
}

const lengthOf = (path: JsonPath): number => path.reduce<number>((sum, part) => sum + String(part).length + 1, -1);
